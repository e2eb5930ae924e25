"""Leads: models, facts, effects and actions."""
