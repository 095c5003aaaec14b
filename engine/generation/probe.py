"""What this machine can run models on, tried out with the smallest graph there is."""

from engine.errors import DeviceError
from engine.generation.devices import DeviceReport, cuda_card, processor_name
from engine.generation.session import Session

# One Identity of one float: ONNX IR 8, operator set 17.
IDENTITY_MODEL = bytes.fromhex(
    "08083a370a100a017812017922084964656e746974791201675a0f0a0178120a0a08080112040a02080162"
    "0f0a0179120a0a08080112040a02080142040a001011"
)


def device_reports() -> tuple[DeviceReport, ...]:
    """The devices, the fastest first; the graphics card is really loaded once."""
    card = cuda_card()
    try:
        Session(IDENTITY_MODEL, "probe", "cuda")
        problem = ""
    except DeviceError as error:
        problem = str(error)
    return (
        DeviceReport("cuda", card.name or "NVIDIA graphics card", problem),
        DeviceReport("cpu", processor_name()),
    )
