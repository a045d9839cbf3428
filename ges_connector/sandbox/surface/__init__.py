"""The `/engagement/v3` surface: reads requests strictly, calls the contact centre, renders answers.

`routes` says which operation a path means, `access` whose key it is, `parameters` and `json_body`
read what was sent, one module per group of operations gives it meaning, and `gate` ties them up.
"""
