import pytest
import torch

from models.failures import OfferedError, memory_told
from tests.models.conftest import MakeSettings


@pytest.mark.parametrize(
    ("error", "whose"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), "The GPU's memory"),
        (MemoryError(), "This machine's memory"),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory"), "This machine's"),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED"), "The GPU's memory"),
    ],
)
def test_too_little_memory_offers_a_smaller_batch(
    error: Exception, whose: str, settings: MakeSettings
) -> None:
    told = f"{whose}.* batches of 12 windows; try a batch of 6"
    with pytest.raises(OfferedError, match=told), memory_told(settings(batch_size=12)):
        raise error


def test_a_real_allocation_that_fails_is_told(settings: MakeSettings) -> None:
    with pytest.raises(OfferedError) as told, memory_told(settings(batch_size=8)):
        torch.empty(2**50, dtype=torch.uint8)
    assert told.value.offer == {"setting": "batch_size", "value": 4}


def test_a_batch_of_one_cannot_be_smaller(settings: MakeSettings) -> None:
    smaller = "choose a smaller network"
    with (
        pytest.raises(OfferedError, match=smaller) as told,
        memory_told(settings(batch_size=1)),
    ):
        raise MemoryError
    assert told.value.offer is None


def test_other_errors_stay_what_they_are(settings: MakeSettings) -> None:
    with pytest.raises(RuntimeError, match="shapes do not match"), memory_told(settings()):
        raise RuntimeError("shapes do not match")
