"""The subcommands of `fairway`, found by being here.

A module gives HELP and EXAMPLES (text), `add_arguments(parser)` and `run(args) -> int`. Its name is the command's; one
that is a Python keyword takes an underscore behind it (`import_`). Django is set up before a module is imported, and
the data folder is made and migrated before `run`.
"""
