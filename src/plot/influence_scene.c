/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of an influence plot: a small panel for each diagnostic, the studies by
 * their numbers in all of them, and below which name each number stands for. */
#include "plot/forest_text.h"
#include "plot/influence_panels.h"

#include <math.h>

#define TITLE_PITCH 14.0
#define NAME_PITCH  9.0
#define NAME_WIDTH  140.0 /* columns of names have it at least */

enum {
    ALL_NAMED = 60,
    MOST_NAMES = 60
}; /* studies up to which all have a name; names */

typedef struct influence_figure {
    const mtp_bundle *bundle;
    const mtp_influence_result *made;
    mtp_scene *scene;
    double width;
    size_t n_influential;
} influence_figure;

static void draw_name(const influence_figure *f, size_t study, mtp_point at,
                      double number, double room)
{
    bool bold = f->made->study[study].influential;
    mtp_text_format left = {MTP_MARK_NAME, bold, MTP_ANCHOR_END},
                    right = {MTP_MARK_NAME, bold, MTP_ANCHOR_START};

    mtp_scene_text(f->scene, left, study, (mtp_point){at.x + number, at.y},
                   mtp_scene_printf(f->scene, "%zu", study + 1));
    mtp_scene_text(f->scene, right, study, (mtp_point){at.x + number + 4.0, at.y},
                   mtp_figure_cut(f->scene, right, f->bundle->studies[study].name,
                                  room - number - 6.0));
}

static bool is_named(const influence_figure *f, size_t study)
{
    return f->made->k <= ALL_NAMED || f->made->study[study].influential;
}

/* Columns of names, each from top to bottom; returns where they end. */
static double draw_names(const influence_figure *f, double y)
{
    size_t columns =
        (size_t)fmax((f->width - 2.0 * MTP_FRAME_MARGIN) / NAME_WIDTH, 1.0);
    size_t named, i = 0;
    double room = (f->width - 2.0 * MTP_FRAME_MARGIN) / (double)columns;
    double number = mtp_text_width(mtp_scene_printf(f->scene, "%zu", f->made->k),
                                   mtp_mark_get(MTP_MARK_NAME)->text_size, true);
    size_t total = f->made->k <= ALL_NAMED ? f->made->k : f->n_influential, rows;

    named = total < MOST_NAMES ? total : MOST_NAMES;
    rows = (named + columns - 1) / columns;
    for (size_t n = 0; n < named; n++, i++) {
        mtp_point at = {MTP_FRAME_MARGIN + (double)(n / rows) * room,
                        y + NAME_PITCH * (double)(n % rows + 1)};

        while (!is_named(f, i)) {
            i++;
        }
        draw_name(f, i, at, number, room);
    }
    return y + NAME_PITCH * (double)rows + (named > 0 ? 5.0 : 0.0);
}

/* Words */

static const char *who(const influence_figure *f)
{
    size_t n = f->n_influential;

    return n == 0 ? "No study is influential"
                  : mtp_scene_printf(
                        f->scene, "%s influential (dark, bold)",
                        n == 1 ? "1 study is"
                               : mtp_scene_printf(f->scene, "%s are",
                                                  mtp_figure_studies(f->scene, n)));
}

static const char *rule_words(const influence_figure *f)
{
    return mtp_scene_printf(
        f->scene,
        "%s by any of these: %s; %s; %s; %s (k = %zu studies, p = %zu coefficient%s). "
        "Dashed: the cut-offs; thin: what all studies together have.",
        who(f), mtp_influence_rule_label(MTP_INFLUENCE_DFFITS),
        mtp_influence_rule_label(MTP_INFLUENCE_COOKS_D),
        mtp_influence_rule_label(MTP_INFLUENCE_HAT),
        mtp_influence_rule_label(MTP_INFLUENCE_DFBETAS), f->made->k, f->made->p,
        f->made->p == 1 ? "" : "s");
}

static const char *model_words(const influence_figure *f)
{
    mtp_tau2_method tau2 = f->bundle->sensitivity->tau2;
    size_t without = 0;

    for (size_t i = 0; i < f->made->k; i++) {
        without += isnan(f->made->study[i].rstudent) ? 1U : 0U;
    }
    return mtp_scene_printf(
        f->scene,
        "Across: the studies in the order of the table. Model: %s, \u03c4\u00b2 by "
        "%s.%s%s",
        f->bundle->regression ? "regression by inverse variance" : "inverse variance",
        tau2 == MTP_TAU2_GIVEN ? "a given value" : mtp_tau2_id(tau2),
        f->made->k > ALL_NAMED && f->n_influential > MOST_NAMES
            ? mtp_scene_printf(f->scene, " The first %d of the influential are named.",
                               MOST_NAMES)
            : "",
        without == 0 ? ""
                     : mtp_scene_printf(f->scene, " %s without a fit to compare with.",
                                        mtp_figure_studies(f->scene, without)));
}

static void describe(influence_figure *f)
{
    mtp_scene *scene = f->scene;

    scene->kind = "influence";
    scene->title = mtp_scene_printf(scene, "Influence of single studies: %s, %s",
                                    f->bundle->measure->natural,
                                    mtp_figure_studies(scene, f->made->k));
    scene->description =
        mtp_scene_printf(scene,
                         "%s. Eight panels: deleted residual, dffits, Cook's distance, "
                         "covariance ratio, "
                         "tau2 and Q without the study, leverage, weight. %s %s",
                         scene->title, rule_words(f), model_words(f));
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    influence_figure f = {.bundle = bundle,
                          .made = bundle->sensitivity->influence,
                          .scene = scene,
                          .width = width};
    mtp_text_format title = {MTP_MARK_TITLE, true, MTP_ANCHOR_START};
    mtp_influence_panels panels;
    mtp_frame page = {.scene = scene, .width = width};
    const char *paragraph[3];
    double y;

    for (size_t i = 0; i < f.made->k; i++) {
        if (f.made->study[i].influential) {
            f.n_influential++;
        }
    }
    if (!mtp_influence_choose_panels(&panels, f.made, width, scene)) {
        scene->failed = true;
        return;
    }
    describe(&f);
    y = mtp_frame_paragraph(&page, title, scene->title, MTP_FRAME_MARGIN, TITLE_PITCH);
    y = mtp_influence_place_panels(&panels, y + 4.0);
    mtp_influence_draw_panels(&panels);
    y = draw_names(&f, y + 2.0);
    paragraph[0] = rule_words(&f);
    paragraph[1] = model_words(&f);
    paragraph[2] = mtp_figure_source(scene, bundle);
    mtp_frame_close(&page, 3, paragraph, y);
}

mtp_scene *mtp_influence_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
