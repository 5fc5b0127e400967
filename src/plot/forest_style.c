/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layouts. Words, columns and colours of revman5, jama and bmj are those that the
 * documentation of R's meta (forest.meta, settings.meta), Cochrane's guide to forest
 * plots and the journals' instructions to authors describe. */
#include "plot/forest_style.h"

#include "models/stratified.h"
#include "plot/forest_figure.h"

#include <math.h>

#define CHI2 "\xCF\x87\xC2\xB2"
#define TAU2 "\xCF\x84\xC2\xB2"
#define NB   "\xC2\xA0"
#define EQ   NB "=" NB

static const mtp_forest_style styles[MTP_LAYOUT_COUNT] = {
    [MTP_LAYOUT_DEFAULT] = {.both = true,
                            .studies = true,
                            .title = true,
                            .pooled_line = true,
                            .left = {MTP_SHOWN_DATA},
                            .right = {MTP_SHOWN_EFFECT, MTP_SHOWN_WEIGHT},
                            .study = "Study",
                            .interval_open = "[",
                            .open = "[",
                            .to = ", ",
                            .to_minus = ", ",
                            .close = "]",
                            .weight = "Weight",
                            .percent = "%",
                            .common = MTP_MARK_DIAMOND_COMMON,
                            .random = MTP_MARK_DIAMOND_RANDOM},
    [MTP_LAYOUT_REVMAN5] = {.studies = true,
                            .plot_header = true,
                            .left = {MTP_SHOWN_ARMS, MTP_SHOWN_WEIGHT,
                                     MTP_SHOWN_EFFECT},
                            .study = "Study or Subgroup",
                            .subtotal = "Subtotal",
                            .total = "Total",
                            .total_level = true,
                            .interval_open = "",
                            .open = "[",
                            .to = ", ",
                            .to_minus = ", ",
                            .close = "]",
                            .weight = "Weight",
                            .percent = "%",
                            .common = MTP_MARK_DIAMOND_BLACK,
                            .random = MTP_MARK_DIAMOND_BLACK,
                            .heterogeneity = "Heterogeneity: ",
                            .overall = "Test for overall effect: ",
                            .between = "Test for subgroup differences: ",
                            .tau2 = "Tau\xC2\xB2",
                            .chisq = "Chi\xC2\xB2",
                            .equals = EQ,
                            .below = NB "<" NB,
                            .before_p = " (",
                            .after_p = ")"},
    [MTP_LAYOUT_JAMA] = {.studies = true,
                         .axis_level = true,
                         .favours_above = true,
                         .pooled_line = true,
                         .data_over = true,
                         .left = {MTP_SHOWN_DATA, MTP_SHOWN_EFFECT},
                         .right = {MTP_SHOWN_WEIGHT},
                         .study = "Source",
                         .subtotal = "Subtotal",
                         .total = "Total",
                         .interval_open = "(",
                         .open = "(",
                         .to = "-",
                         .to_minus = " to ",
                         .close = ")",
                         .weight = "Weight, %",
                         .percent = "",
                         .common = MTP_MARK_DIAMOND_LIGHT,
                         .random = MTP_MARK_DIAMOND_LIGHT,
                         .heterogeneity = "Heterogeneity: ",
                         .overall = "Test for overall effect: ",
                         .between = "Test for subgroup differences: ",
                         .chisq = CHI2,
                         .equals = EQ,
                         .below = NB "<" NB,
                         .before_p = " (",
                         .after_p = ")"},
    [MTP_LAYOUT_BMJ] = {.studies = true,
                        .pooled_line = true,
                        .data_over = true,
                        .left = {MTP_SHOWN_DATA},
                        .right = {MTP_SHOWN_WEIGHT, MTP_SHOWN_EFFECT},
                        .study = "Study",
                        .subtotal = "Subtotal",
                        .total = "Total",
                        .total_level = true,
                        .interval_open = "(",
                        .open = "(",
                        .to = " to ",
                        .to_minus = " to ",
                        .close = ")",
                        .weight = "Weight (%)",
                        .percent = "",
                        .common = MTP_MARK_DIAMOND_BLACK,
                        .random = MTP_MARK_DIAMOND_BLACK,
                        .heterogeneity = "Test for heterogeneity: ",
                        .overall = "Test for overall effect: ",
                        .tau2 = TAU2,
                        .chisq = CHI2,
                        .equals = "=",
                        .below = "<",
                        .before_p = ", ",
                        .after_p = ""},
    [MTP_LAYOUT_SUBGROUP] = {.both = true,
                             .title = true,
                             .pooled_line = true,
                             .left = {MTP_SHOWN_DATA},
                             .right = {MTP_SHOWN_EFFECT, MTP_SHOWN_WEIGHT},
                             .study = "Subgroup",
                             .interval_open = "[",
                             .open = "[",
                             .to = ", ",
                             .to_minus = ", ",
                             .close = "]",
                             .weight = "Weight",
                             .percent = "%",
                             .common = MTP_MARK_DIAMOND_COMMON,
                             .random = MTP_MARK_DIAMOND_RANDOM},
};

const mtp_forest_style *mtp_forest_style_get(mtp_forest_layout layout)
{
    return &styles[layout];
}

mtp_forest_layout mtp_forest_layout_of(const mtp_bundle *bundle)
{
    return bundle->look ? bundle->look->layout : MTP_LAYOUT_DEFAULT;
}

bool mtp_forest_tells_common(const mtp_bundle *bundle)
{
    const mtp_pool_options *options = &bundle->pool->options;

    return options->tau2 == MTP_TAU2_EE || mtp_method_is_stratified(options->method);
}

mtp_forest_figure mtp_forest_begin(const mtp_forest *forest)
{
    const mtp_forest_look *look = forest->bundle->look;
    const mtp_forest_style *style =
        mtp_forest_style_get(mtp_forest_layout_of(forest->bundle));
    mtp_pooled_shown pooled = look ? look->pooled : MTP_POOLED_LAYOUT;
    mtp_pooled_line line = look ? look->pooled_line : MTP_LINE_LAYOUT;
    bool by_layout = pooled == MTP_POOLED_LAYOUT;
    bool both = by_layout ? style->both : pooled == MTP_POOLED_BOTH;

    return (mtp_forest_figure){
        .forest = forest,
        .style = style,
        .both = both,
        .common = !both && (by_layout ? mtp_forest_tells_common(forest->bundle)
                                      : pooled == MTP_POOLED_COMMON),
        .pooled_line =
            line == MTP_LINE_LAYOUT ? style->pooled_line : line == MTP_LINE_SHOW,
        .scene = mtp_scene_new()};
}

bool mtp_forest_shows(const mtp_forest_figure *figure, const mtp_forest_row *row)
{
    const mtp_forest_style *style = figure->style;

    switch (row->kind) {
    case MTP_FOREST_STUDY:
    case MTP_FOREST_LEFT_OUT:
    case MTP_FOREST_CUMULATIVE:
    case MTP_FOREST_NOT_ESTIMABLE:
        return style->studies;
    case MTP_FOREST_SUBGROUP_COMMON:
    case MTP_FOREST_OVERALL_COMMON:
        return figure->both || figure->common;
    case MTP_FOREST_SUBGROUP_RANDOM:
    case MTP_FOREST_OVERALL_RANDOM:
    case MTP_FOREST_PREDICTION:
        break;
    }
    return figure->both || !figure->common;
}

bool mtp_forest_has(const mtp_forest_figure *figure, mtp_forest_kind kind)
{
    const mtp_forest *forest = figure->forest;
    size_t i = 0;

    while (i < forest->n_rows && !(forest->row[i].kind == kind &&
                                   mtp_forest_shows(figure, &forest->row[i]))) {
        i++;
    }
    return i < forest->n_rows;
}
