"""Users, teams and roles: who sees what, and who may do what."""
