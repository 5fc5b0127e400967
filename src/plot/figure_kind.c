/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of figures: what each needs, its numbers, its picture. */
#include "plot/figure_kind.h"

#include "metapool/forest.h"
#include "metapool/sensitivity_analysis.h"

#include "core/names.h"
#include "plot/baujat_figure.h"
#include "plot/bubble_figure.h"
#include "plot/composition_figure.h"
#include "plot/curve_figure.h"
#include "plot/drapery_figure.h"
#include "plot/forest_figure.h"
#include "plot/funnel_figure.h"
#include "plot/gosh_figure.h"
#include "plot/influence_figure.h"
#include "plot/labbe_figure.h"
#include "plot/profile_figure.h"
#include "plot/radial_figure.h"

#include <math.h>
#include <stdlib.h>

MTP_NAMES(figure_kind, mtp_figure_kind, MTP_FIGURE_LIST, MTP_FIGURE_COUNT)

static bool has_pool(const mtp_bundle *bundle)
{
    return bundle->pool != NULL;
}

static void add_forest(const mtp_bundle *bundle,
                       mtp_status (*write)(const mtp_forest *, char **, mtp_error *),
                       mtp_strbuf *out)
{
    mtp_forest *forest = NULL;
    char *text = NULL;

    if (mtp_forest_new(bundle, &forest, NULL) == MTP_OK &&
        write(forest, &text, NULL) == MTP_OK) {
        mtp_strbuf_add(out, text);
    } else {
        out->failed = true;
    }
    free(text);
    mtp_forest_free(forest);
}

static void forest_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    add_forest(bundle, mtp_forest_csv, out);
}

static void forest_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    add_forest(bundle, mtp_forest_json, out);
}

static mtp_scene *forest_scene(const mtp_bundle *bundle, double width)
{
    mtp_forest *forest = NULL;
    mtp_scene *scene = NULL;

    if (mtp_forest_new(bundle, &forest, NULL) == MTP_OK) {
        scene =
            mtp_forest_scene_within(forest, isnan(width) ? (double)INFINITY : width);
    }
    mtp_forest_free(forest);
    return scene;
}

static bool has_composition(const mtp_bundle *bundle)
{
    return bundle->composition != NULL;
}

static bool has_comparison(const mtp_bundle *bundle)
{
    return bundle->comparison != NULL;
}

static bool has_funnel(const mtp_bundle *bundle)
{
    return bundle->pool && bundle->funnel;
}

static bool has_bubble(const mtp_bundle *bundle)
{
    return bundle->regression && bundle->bubble;
}

static bool has_diagnostics(const mtp_bundle *bundle)
{
    return bundle->sensitivity && bundle->sensitivity->influence &&
           bundle->command != MTP_COMMAND_RADIAL; /* which leaves no study out */
}

static bool has_influence(const mtp_bundle *bundle)
{
    return bundle->pool && has_diagnostics(bundle);
}

static bool has_radial(const mtp_bundle *bundle)
{
    return bundle->pool && bundle->sensitivity && bundle->sensitivity->influence;
}

static bool has_gosh(const mtp_bundle *bundle)
{
    return bundle->gosh_map != NULL;
}

static bool has_curve(const mtp_bundle *bundle)
{
    return bundle->tau2_curve != NULL;
}

static bool has_two_groups(const mtp_bundle *bundle)
{
    return bundle->pool && mtp_labbe_has_points(bundle);
}

static const mtp_figure_info kinds[MTP_FIGURE_COUNT] = {
    [MTP_FIGURE_FOREST] = {MTP_COMMAND_FOREST, has_pool, forest_csv, forest_json,
                           forest_scene, true},
    [MTP_FIGURE_COMPOSITION] = {MTP_COMMAND_COMPOSITION_FIGURE, has_composition,
                                mtp_composition_figure_csv, mtp_composition_figure_json,
                                mtp_composition_scene, false},
    [MTP_FIGURE_COMPARE] = {MTP_COMMAND_COMPARE_FIGURE, has_comparison, mtp_curve_csv,
                            mtp_curve_json, mtp_curve_scene, false},
    [MTP_FIGURE_FUNNEL] = {MTP_COMMAND_FUNNEL, has_funnel, mtp_funnel_csv,
                           mtp_funnel_json, mtp_funnel_scene, false},
    [MTP_FIGURE_BAUJAT] = {MTP_COMMAND_DIAGNOSTICS, has_influence, mtp_baujat_csv,
                           mtp_baujat_json, mtp_baujat_scene, false},
    [MTP_FIGURE_RADIAL] = {MTP_COMMAND_RADIAL, has_radial, mtp_radial_csv,
                           mtp_radial_json, mtp_radial_scene, false},
    [MTP_FIGURE_LABBE] = {MTP_COMMAND_LABBE, has_two_groups, mtp_labbe_csv,
                          mtp_labbe_json, mtp_labbe_scene, false},
    [MTP_FIGURE_GOSH] = {MTP_COMMAND_GOSH_FIGURE, has_gosh, mtp_gosh_figure_csv,
                         mtp_gosh_figure_json, mtp_gosh_scene, false},
    [MTP_FIGURE_INFLUENCE] = {MTP_COMMAND_DIAGNOSTICS, has_diagnostics,
                              mtp_influence_csv, mtp_influence_json,
                              mtp_influence_scene, false},
    [MTP_FIGURE_PROFILE] = {MTP_COMMAND_TAU2_CURVE, has_curve, mtp_profile_csv,
                            mtp_profile_json, mtp_profile_scene, false},
    [MTP_FIGURE_DRAPERY] = {MTP_COMMAND_DRAPERY, has_pool, mtp_drapery_csv,
                            mtp_drapery_json, mtp_drapery_scene, false},
    [MTP_FIGURE_BUBBLE] = {MTP_COMMAND_BUBBLE, has_bubble, mtp_bubble_csv,
                           mtp_bubble_json, mtp_bubble_scene, false},
};

const mtp_figure_info *mtp_figure_kind_get(mtp_figure_kind kind)
{
    return &kinds[kind];
}

mtp_command mtp_figure_kind_command(mtp_figure_kind kind)
{
    return kinds[kind].command;
}
