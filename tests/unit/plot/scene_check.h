/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_SCENE_CHECK_H
#define MTP_TEST_SCENE_CHECK_H

#include "plot/scene.h"

/** Everything lies on the page and no text overlaps anything; frees the scene. */
void check_scene(mtp_scene *scene);

#endif
