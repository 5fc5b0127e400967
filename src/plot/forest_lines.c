/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the rows of the data to the lines of the figure, as text. */
#include "plot/forest_figure.h"
#include "plot/forest_kind.h"
#include "plot/forest_tests.h"
#include "plot/forest_text.h"

#include <math.h>
#include <string.h>

#define INDENT        8.0 /* of what belongs to a group */
#define GROUP_SPACE   6.0 /* before a group and before the overall rows */
#define SUMMARY_SPACE 2.0 /* between studies and what they add up to */

static mtp_forest_line *add_line(mtp_forest_figure *figure, mtp_line_kind kind,
                                 const char *label)
{
    mtp_forest_line *line = &figure->line[figure->n_lines++];

    *line = (mtp_forest_line){
        .kind = kind, .row = MTP_NO_ROW, .label = label, .estimate = "", .limits = ""};
    return line;
}

/* Whether diamonds are named after their models: both are shown, or the layout has no
 * other words. */
static bool is_named(const mtp_forest_figure *figure)
{
    return figure->both || !figure->style->total;
}

/* "Total (95% CI)", of a layout that has one model. */
static const char *total_label(const mtp_forest_figure *figure,
                               const mtp_forest_row *row)
{
    const mtp_forest_style *style = figure->style;
    const char *label = row->group ? style->subtotal : style->total;

    return !style->total_level
               ? label
               : mtp_scene_printf(
                     figure->scene, "%s (%s%% CI)", label,
                     mtp_figure_level(figure->scene, figure->forest->bundle->level));
}

static const char *row_label(const mtp_forest_figure *figure, const mtp_forest_row *row)
{
    if (row->kind == MTP_FOREST_LEFT_OUT) {
        return mtp_scene_printf(figure->scene, "Without %s", row->study);
    }
    if (!is_named(figure) && !mtp_forest_is_study(row) &&
        row->kind != MTP_FOREST_CUMULATIVE && row->kind != MTP_FOREST_PREDICTION) {
        return total_label(figure, row);
    }
    switch (row->kind) {
    case MTP_FOREST_STUDY:
    case MTP_FOREST_NOT_ESTIMABLE:
    case MTP_FOREST_CUMULATIVE:
        return row->study ? row->study : "";
    case MTP_FOREST_SUBGROUP_COMMON:
    case MTP_FOREST_OVERALL_COMMON:
        return "Common effect";
    case MTP_FOREST_SUBGROUP_RANDOM:
    case MTP_FOREST_OVERALL_RANDOM:
        return "Random effects";
    case MTP_FOREST_LEFT_OUT:
    case MTP_FOREST_PREDICTION:
        break;
    }
    return "Prediction interval";
}

static void add_limits(const mtp_forest_figure *figure, const mtp_forest_row *row,
                       mtp_forest_line *line)
{
    const mtp_forest_style *style = figure->style;
    mtp_scene *scene = figure->scene;
    bool minus = row->ci_lower < 0.0 || row->ci_upper < 0.0;
    const char *lower =
        mtp_scene_printf(scene, "%s%s%s", style->open,
                         mtp_figure_estimate(scene, row->ci_lower, figure->decimals),
                         minus ? style->to_minus : style->to);

    line->upper = strlen(lower);
    line->limits = mtp_scene_printf(
        scene, "%s%s%s", lower,
        mtp_figure_estimate(scene, row->ci_upper, figure->decimals), style->close);
}

static void add_estimate_text(const mtp_forest_figure *figure,
                              const mtp_forest_row *row, mtp_forest_line *line)
{
    mtp_scene *scene = figure->scene;

    if (isnan(row->estimate) && row->kind != MTP_FOREST_PREDICTION) {
        line->limits =
            mtp_forest_is_study(row) ? "not estimable" : "no finite estimate";
        return;
    }
    if (row->kind != MTP_FOREST_PREDICTION) {
        line->estimate = mtp_figure_estimate(scene, row->estimate, figure->decimals);
    }
    add_limits(figure, row, line);
}

/* The first row of the summaries of a set of studies has their total, the others not.
 */
static bool has_total(const mtp_forest_figure *figure, const mtp_forest_row *row)
{
    switch (row->kind) {
    case MTP_FOREST_STUDY:
    case MTP_FOREST_NOT_ESTIMABLE:
    case MTP_FOREST_SUBGROUP_COMMON:
    case MTP_FOREST_OVERALL_COMMON:
        return true;
    case MTP_FOREST_SUBGROUP_RANDOM:
    case MTP_FOREST_OVERALL_RANDOM:
        return !figure->both;
    case MTP_FOREST_LEFT_OUT:
    case MTP_FOREST_CUMULATIVE:
    case MTP_FOREST_PREDICTION:
        break;
    }
    return false;
}

static double space_before(const mtp_forest_figure *figure, const mtp_forest_row *row)
{
    if (mtp_forest_is_study(row) || !has_total(figure, row)) {
        return 0.0;
    }
    if (row->group) {
        return SUMMARY_SPACE;
    }
    return figure->forest->bundle->pool->n_groups == 0 || !is_named(figure)
               ? GROUP_SPACE
               : 0.0;
}

static bool add_row(mtp_forest_figure *figure, size_t index)
{
    const mtp_forest_row *row = &figure->forest->row[index];
    mtp_forest_line *line;

    if (!mtp_forest_shows(figure, row)) {
        return true;
    }
    line = add_line(figure, MTP_LINE_ROW, row_label(figure, row));
    line->row = index;
    line->indent = row->group ? INDENT : 0.0;
    line->bold = !row->group && !mtp_forest_is_study(row) &&
                 row->kind != MTP_FOREST_LEFT_OUT && row->kind != MTP_FOREST_CUMULATIVE;
    line->space_before = space_before(figure, row);
    line->cell = MTP_ARENA_ARRAY(figure->scene->arena, figure->n_columns, const char *);
    if (!line->cell) {
        return false;
    }
    add_estimate_text(figure, row, line);
    mtp_forest_fill_cells(figure, row, has_total(figure, row), line);
    return true;
}

static void add_heading(mtp_forest_figure *figure, const char *name, size_t k)
{
    mtp_forest_line *line = add_line(
        figure, MTP_LINE_HEADING,
        mtp_scene_printf(figure->scene, k == 1 ? "%s (%zu study)" : "%s (%zu studies)",
                         name, k));

    line->bold = true;
    line->space_before = GROUP_SPACE;
}

static void add_note(mtp_forest_figure *figure, const char *text, double indent)
{
    if (text[0]) {
        add_line(figure, MTP_LINE_NOTE, text)->indent = indent;
    }
}

/* What stands under the rows of a set of studies. */
static void add_notes(mtp_forest_figure *figure, const mtp_pooled *pooled,
                      double indent)
{
    mtp_scene *scene = figure->scene;
    mtp_forest_layout layout = mtp_forest_layout_of(figure->forest->bundle);

    if (is_named(figure)) {
        bool all = pooled == &figure->forest->bundle->pool->overall;

        add_note(figure, mtp_forest_heterogeneity(scene, pooled, all), indent);
        return;
    }
    add_note(figure, mtp_forest_heterogeneity_of(scene, layout, pooled, figure->common),
             indent);
    add_note(figure,
             mtp_forest_overall_test(
                 scene, layout, figure->common ? &pooled->common : &pooled->random),
             indent);
}

/* Rows first, first + 1, ... of the same group, under its heading; then *next is the
 * row after the last. */
static bool add_group(mtp_forest_figure *figure, size_t *next, size_t group)
{
    const mtp_pool_result *pool = figure->forest->bundle->pool;
    const mtp_forest *forest = figure->forest;
    bool done = true;

    add_heading(figure, pool->group_name[group], pool->groups[group].k);
    while (done && *next < forest->n_rows &&
           forest->row[*next].group == pool->group_name[group]) {
        done = add_row(figure, (*next)++);
    }
    add_notes(figure, &pool->groups[group], INDENT);
    return done;
}

/* Groups all of whose studies were left out. */
static bool add_empty_groups(mtp_forest_figure *figure, size_t *next)
{
    const mtp_forest *forest = figure->forest;
    const char *group = NULL;
    bool done = true;

    while (done && *next < forest->n_rows && forest->row[*next].group) {
        const mtp_forest_row *row = &forest->row[*next];

        if (mtp_forest_shows(figure, row) &&
            (!group || strcmp(group, row->group) != 0)) {
            add_heading(figure, row->group, 0);
            group = row->group;
        }
        done = add_row(figure, (*next)++);
    }
    return done;
}

static bool add_overall(mtp_forest_figure *figure, size_t first)
{
    const mtp_pool_result *pool = figure->forest->bundle->pool;
    mtp_forest_layout layout = mtp_forest_layout_of(figure->forest->bundle);
    bool done = true;

    if (pool->n_groups > 0 && is_named(figure)) {
        add_heading(figure, "Overall", pool->overall.k);
    }
    for (size_t i = first; done && i < figure->forest->n_rows; i++) {
        done = add_row(figure, i);
    }
    add_notes(figure, &pool->overall, 0.0);
    if (is_named(figure)) {
        add_note(figure,
                 mtp_forest_overall(figure->scene, &pool->overall, figure->common),
                 0.0);
    }
    add_note(figure,
             is_named(figure)
                 ? mtp_forest_between(figure->scene, pool, figure->common)
                 : mtp_forest_between_of(figure->scene, layout, pool, figure->common),
             0.0);
    return done;
}

bool mtp_forest_make_lines(mtp_forest_figure *figure)
{
    const mtp_forest *forest = figure->forest;
    const mtp_pool_result *pool = forest->bundle->pool;
    /* each group: a heading and two notes, or a heading and a study; overall: a
     * heading, two notes and a test */
    size_t most = 2 * forest->n_rows + 3 * pool->n_groups + 4;
    size_t row = 0;
    bool done = true;

    mtp_forest_choose_columns(figure);
    figure->line = MTP_ARENA_ARRAY(figure->scene->arena, most, mtp_forest_line);
    if (!figure->line) {
        return false;
    }
    for (size_t g = 0; done && g < pool->n_groups; g++) {
        done = add_group(figure, &row, g);
    }
    done = done && add_empty_groups(figure, &row);
    return done && add_overall(figure, row) && !figure->scene->failed;
}
