"""Deals: models, facts, effects and actions."""
