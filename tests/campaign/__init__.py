"""A random clerk at the real ledger, beside a model that is slow and obvious.

`clerk` draws what the clerk wants recorded; `entries` tells what stands of each entry; `worlds` tries every order;
`links` and `papers` tell what stood; `model` puts them together, and judges what may go in. The model knows the
vocabulary and the table in `tests.domain.reference`; of the product it uses the parser of dates and nothing else.
"""
