/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/forest.h"

#include "core/error.h"
#include "plot/forest_figure.h"
#include "plot/svg.h"

#include <assert.h>

mtp_status mtp_forest_svg(const mtp_forest *forest, char **text, mtp_error *err)
{
    mtp_scene *scene;
    mtp_strbuf out;
    char *done;

    assert(forest && text);
    scene = mtp_forest_scene(forest);
    if (!scene) {
        return mtp_fail_nomem(err);
    }
    mtp_strbuf_init(&out);
    mtp_svg_write(scene, &out);
    mtp_scene_free(scene);
    done = mtp_strbuf_take(&out, NULL);
    if (!done) {
        return mtp_fail_nomem(err);
    }
    *text = done;
    return MTP_OK;
}
