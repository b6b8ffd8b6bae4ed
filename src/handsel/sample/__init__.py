"""A sample business: a candle shop that hands its mail over, told by calling the real actions under a moved clock.

`story.tell_story` tells it. `chapters/` are three months, scene by scene; `months/` stretch them to a year, drawn from a
seed. It is what `handsel demo` loads, the load of the benchmarks, and, under faults, the test of reliability.
"""
