/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene_check.h"

#include "support/test.h"

static bool is_text(const mtp_shape *shape)
{
    return shape->kind == MTP_SHAPE_TEXT;
}

static void print_box(const mtp_shape *shape)
{
    mtp_box box = mtp_shape_box(shape);

    print_error("%s '%s' [%g, %g] x [%g, %g]\n", mtp_mark_get(shape->mark)->class,
                shape->text ? shape->text : "", box.left, box.right, box.top,
                box.bottom);
}

/* Names of studies lie within the plot area; a band is a light ground, whose box is
 * larger than it. */
static bool holds_text(const mtp_shape *shape, const mtp_shape *text)
{
    return (text->mark == MTP_MARK_NAME &&
            (shape->mark == MTP_MARK_FRAME || shape->mark == MTP_MARK_BAND_MEAN ||
             shape->mark == MTP_MARK_BAND_PREDICTION)) ||
           shape->mark == MTP_MARK_BAND;
}

static void check_texts(const mtp_scene *scene, size_t i)
{
    mtp_box box = mtp_shape_box(&scene->shape[i]);

    for (size_t j = 0; j < scene->count; j++) {
        if (j != i && !holds_text(&scene->shape[j], &scene->shape[i]) &&
            mtp_shape_touches(&scene->shape[j], box)) {
            print_box(&scene->shape[i]);
            print_box(&scene->shape[j]);
            fail_msg("text overlaps");
        }
    }
}

static void check_inside(const mtp_scene *scene, const mtp_shape *shape)
{
    mtp_box box = mtp_shape_box(shape);

    if (!(box.left >= 0.0 && box.right <= scene->width && box.top >= 0.0 &&
          box.bottom <= scene->height)) {
        print_box(shape);
        fail_msg("beyond the page");
    }
}

void check_scene(mtp_scene *scene)
{
    assert_non_null(scene);
    for (size_t s = 0; s < scene->count; s++) {
        check_inside(scene, &scene->shape[s]);
        if (is_text(&scene->shape[s])) {
            check_texts(scene, s);
        }
    }
    mtp_scene_free(scene);
}
