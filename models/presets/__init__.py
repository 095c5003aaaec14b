"""What a user chooses: a network, its losses and settings that are known to work."""

from models.presets.preset import Preset

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            name="pop",
            title="Pop band",
            minutes_hint=1500,
            description="Bass, chords and a counter-melody; fills in beat by beat, chords first.",
            network="beat_unet",
            roles=("Bass", "Chords", "Counter"),
            programs=(33, 4, 71),
            one_voice=(True, False, True),
            window_beats=64,
            batch_size=32,
            learning_rate=1.2e-3,
            epochs=10,
            adversarial_weight=0.02,
            adversarial_from=0.85,
        ),
        Preset(
            name="bach",
            title="Bach chorales",
            minutes_hint=240,
            description="Alto, tenor and bass under a soprano.",
            network="beat_unet",
            roles=("Alto", "Tenor", "Bass"),
            programs=(71, 70, 43),
            one_voice=(True, True, True),
            window_beats=32,
            batch_size=32,
            learning_rate=1.2e-3,
            epochs=60,
        ),
        Preset(
            name="deepcomposer",
            title="DeepComposer's U-Net",
            minutes_hint=330,
            description="The network of AWS DeepComposer: two bars as a picture, one pass.",
            network="conv_unet",
            roles=("Alto", "Tenor", "Bass"),
            programs=(71, 70, 43),
            one_voice=(False, False, False),
            window_beats=8,
            batch_size=64,
            learning_rate=1e-3,
            epochs=60,
            update_ratio=5,
            adversarial_weight=1.0,
        ),
    )
}
