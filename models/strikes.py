"""What is struck at once: whether a part strikes on a step, and then which pitches with it.

Drawn each for itself, pitches that are alike likely make chords of any size, now one note, now six.
So for parts that play chords one draw decides whether there is a strike, as likely as its likeliest
pitch; that one is struck, and each other with the probability that it has beside it. How often a
pitch is struck stays what it was; a cool temperature spares what is less likely, as ever.
"""

from collections.abc import Callable

import torch
from torch import Tensor

# An offset that keeps the density is found within ±4 logits, to 0.008.
LARGEST_OFFSET, BISECTIONS = 4.0, 10
CERTAIN = 1e-6  # from being struck with the likeliest pitch
NEAR_NONE = 1e-30


def density_kept(wanted: Tensor, expected: Callable[[Tensor], Tensor]) -> Tensor:
    """The offset, shaped like ``wanted``, with which so much is ``expected``.

    A plain temperature below 1 thins music out, since most cells' odds are below one half. Found by
    bisection, which the steep steps of a cold temperature cannot lead astray.
    """
    low = torch.full_like(wanted, -LARGEST_OFFSET)
    high = torch.full_like(wanted, LARGEST_OFFSET)
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        too_few = expected(middle) < wanted
        low = torch.where(too_few, middle, low)
        high = torch.where(too_few, high, middle)
    return 0.5 * (low + high)


def strikes(likeliest: Tensor, wanted: Tensor, temperature: Tensor, draw: Tensor) -> Tensor:
    """1 where a part strikes (batch, track, step, 1), ``wanted`` (batch, track, 1, 1) times in all.

    ``likeliest`` (batch, track, step, 1) is the logit of the likeliest pitch, ``temperature``
    (batch, track, 1, 1), ``draw`` (batch, track, step) logistic.
    """

    def expected(offset: Tensor) -> Tensor:
        return torch.sigmoid((likeliest + offset) / temperature).sum(2, keepdim=True)

    score = (likeliest + density_kept(wanted, expected)) / temperature + draw[..., None]
    return (score > 0).to(likeliest.dtype)


def struck_with(logits: Tensor, lean: float, temperature: Tensor, draw: Tensor) -> Tensor:
    """1 for the pitches (batch, track, step, pitch) that a strike would strike.

    ``lean`` is what the logits of all but the likeliest lose, ``draw`` logistic. Where no pitch
    can be struck, none is.
    """
    likely = torch.sigmoid(logits)
    share = likely / likely.amax(-1, keepdim=True).clamp(min=NEAR_NONE)
    odds = torch.logit(share.clamp(CERTAIN, 1 - CERTAIN))
    beside = (odds - lean) / temperature + draw > 0
    return (beside | (share >= 1)).to(logits.dtype)
