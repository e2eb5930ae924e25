"""What colleagues say to each other about a record, and who follows it."""
