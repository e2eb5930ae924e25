"""Contracts: models, facts, effects and actions."""
