from __future__ import annotations

import numpy as np

from fusion.colour import colour
from fusion.embed import DIMENSIONS, E5Embedder

NEWS = [
    "The swing bridge at Ostwick was closed on Monday after divers found cracks in two pillars.",
    "The council of Merrow voted 14 to 3 on Tuesday to pay for a second ferry until May.",
    "Repairs will cost three million crowns, the engineer in charge, Mara Quill, said.",
]
SCENES = [
    "A boy in a yellow coat leaned over the rail and dropped crumbs for the gulls.",
    "Somebody had left a thermos of tea on the bench, and the tea was still warm.",
    "Old Bo Lund wiped his hands on his apron and looked at the river for a long while.",
]


def test_scenes_are_told_from_news() -> None:
    vectors = E5Embedder().passages([*NEWS, *SCENES])
    found = colour(vectors, vectors)
    assert found.shape == (6,)
    assert max(found[:3]) < min(found[3:])
    assert 0 <= found.min() <= found.max() <= 1


def test_a_story_without_passages_has_no_colour() -> None:
    none = np.zeros((0, DIMENSIONS), dtype=np.float32)
    assert colour(none, np.ones((1, DIMENSIONS), dtype=np.float32)).shape == (0,)
