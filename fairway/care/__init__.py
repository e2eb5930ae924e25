"""Complaints and customer care: models, facts, effects and actions."""
