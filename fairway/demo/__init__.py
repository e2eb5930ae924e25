"""A made-up maker of planning software with some months of work behind it, to look at Fairway with.

`company` has the people, `customers` who buys, `papers` what is written on forms, `stories` what happens when, and
`stage` plays it: through the same actions as pages and API, under a clock that moves from months ago to now.
"""
