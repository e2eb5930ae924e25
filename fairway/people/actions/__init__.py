"""Every change to users, teams, roles, tokens and absences: check, change, audit entry, in one transaction."""
