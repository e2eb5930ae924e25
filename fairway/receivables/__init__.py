"""Receivables: milestones, payments, facts and effects."""
