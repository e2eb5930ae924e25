"""The running procedure: runs, visits, tasks, records, deadlines and events."""
