"""A sample business: three months of a candle shop that hands its mail over, told by calling the real actions under a
moved clock. `story.tell_story` tells it; each chapter is one part of it, and can be stretched without the others."""
