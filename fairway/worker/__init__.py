"""The loop that fires what is due and delivers what is owed."""
