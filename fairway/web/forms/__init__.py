"""Forms of the screens: what is typed becomes values; the rules are those of the actions."""
