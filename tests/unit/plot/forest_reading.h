/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_FOREST_READING_H
#define MTP_TEST_FOREST_READING_H

#include "plot/forest_figure.h"
#include "plot/forest_tests.h"
#include "support/test.h"
#include "unit/plot/forest_sample.h"

#include <stdlib.h>

/* The text of a scene. */

static inline size_t count_marks(const mtp_scene *scene, size_t row, mtp_mark mark)
{
    size_t n = 0;

    for (size_t i = 0; i < scene->count; i++) {
        n += scene->shape[i].row == row && scene->shape[i].mark == mark;
    }
    return n;
}

#endif
