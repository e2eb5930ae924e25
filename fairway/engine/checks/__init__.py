"""What is looked at before an SOP may be published (sop-language.md, behaviour 8), one file per kind of mistake.

Each module gives `look(ground)`, which reports what it finds. A module must bear every document that could be typed,
also one in which the others found mistakes.
"""
