/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the rows of the data to the lines of the figure, as text. */
#include "plot/forest_figure.h"
#include "plot/forest_text.h"

#include <math.h>

#define INDENT        8.0 /* of what belongs to a group */
#define GROUP_SPACE   6.0 /* before a group and before the overall rows */
#define SUMMARY_SPACE 2.0 /* between studies and what they add up to */

static mtp_forest_line *add_line(mtp_forest_figure *figure, mtp_line_kind kind,
                                 const char *label)
{
    mtp_forest_line *line = &figure->line[figure->n_lines++];

    *line = (mtp_forest_line){.kind = kind,
                              .row = MTP_NO_ROW,
                              .label = label,
                              .events = "",
                              .total = "",
                              .estimate = "",
                              .limits = "",
                              .weight = ""};
    return line;
}

static const char *row_label(const mtp_forest_row *row)
{
    switch (row->kind) {
    case MTP_FOREST_STUDY:
        return row->study ? row->study : "";
    case MTP_FOREST_SUBGROUP_COMMON:
    case MTP_FOREST_OVERALL_COMMON:
        return "Common effect";
    case MTP_FOREST_SUBGROUP_RANDOM:
    case MTP_FOREST_OVERALL_RANDOM:
        return "Random effects";
    case MTP_FOREST_PREDICTION:
        break;
    }
    return "Prediction interval";
}

static void add_estimate_text(const mtp_forest_figure *figure,
                              const mtp_forest_row *row, mtp_forest_line *line)
{
    mtp_scene *scene = figure->scene;

    if (isnan(row->estimate) && row->kind != MTP_FOREST_PREDICTION) {
        line->limits =
            row->kind == MTP_FOREST_STUDY ? "not estimable" : "no finite estimate";
        return;
    }
    if (row->kind != MTP_FOREST_PREDICTION) {
        line->estimate = mtp_figure_number(scene, row->estimate, figure->decimals);
    }
    line->limits =
        mtp_figure_limits(scene, row->ci_lower, row->ci_upper, figure->decimals);
}

static void add_row(mtp_forest_figure *figure, size_t index)
{
    const mtp_forest_row *row = &figure->forest->row[index];
    mtp_forest_line *line = add_line(figure, MTP_LINE_ROW, row_label(row));
    mtp_scene *scene = figure->scene;
    const char *cell[2];

    line->row = index;
    line->indent = row->group ? INDENT : 0.0;
    line->bold = !row->group && row->kind != MTP_FOREST_STUDY;
    add_estimate_text(figure, row, line);
    if (row->kind == MTP_FOREST_SUBGROUP_COMMON) {
        line->space_before = SUMMARY_SPACE;
    } else if (row->kind == MTP_FOREST_OVERALL_COMMON &&
               figure->forest->bundle->pool->n_groups == 0) {
        line->space_before = GROUP_SPACE;
    }
    if (row->kind == MTP_FOREST_STUDY || row->kind == MTP_FOREST_SUBGROUP_COMMON ||
        row->kind == MTP_FOREST_OVERALL_COMMON) { /* the total once, not twice */
        mtp_forest_cells(scene, figure->forest->bundle, row, cell);
        line->events = cell[0];
        line->total = cell[1];
    }
    if (isfinite(row->weight_random)) {
        line->weight = mtp_scene_printf(
            scene, "%s%%", mtp_figure_number(scene, row->weight_random, 1));
    }
    figure->has_events = figure->has_events || line->events[0];
    figure->has_total = figure->has_total || line->total[0];
    figure->has_weight = figure->has_weight || line->weight[0];
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

/* Rows first, first + 1, ... of the same group, under its heading. Returns the row
 * after the last. */
static size_t add_group(mtp_forest_figure *figure, size_t first, size_t group)
{
    const mtp_pool_result *pool = figure->forest->bundle->pool;
    const mtp_forest *forest = figure->forest;
    size_t i = first;

    add_heading(figure, pool->group_name[group], pool->groups[group].k);
    while (i < forest->n_rows && forest->row[i].group == pool->group_name[group]) {
        add_row(figure, i++);
    }
    add_note(figure, mtp_forest_heterogeneity(figure->scene, &pool->groups[group]),
             INDENT);
    return i;
}

static void add_overall(mtp_forest_figure *figure, size_t first)
{
    const mtp_pool_result *pool = figure->forest->bundle->pool;

    if (pool->n_groups > 0) {
        add_heading(figure, "Overall", pool->overall.k);
    }
    for (size_t i = first; i < figure->forest->n_rows; i++) {
        add_row(figure, i);
    }
    add_note(figure, mtp_forest_heterogeneity(figure->scene, &pool->overall), 0.0);
    add_note(figure, mtp_forest_between(figure->scene, pool), 0.0);
}

bool mtp_forest_make_lines(mtp_forest_figure *figure)
{
    const mtp_forest *forest = figure->forest;
    const mtp_pool_result *pool = forest->bundle->pool;
    /* each group: a heading and a note; overall: the same and a test */
    size_t most = forest->n_rows + 2 * pool->n_groups + 3;
    size_t row = 0;

    figure->line = MTP_ARENA_ARRAY(figure->scene->arena, most, mtp_forest_line);
    if (!figure->line) {
        return false;
    }
    for (size_t g = 0; g < pool->n_groups; g++) {
        row = add_group(figure, row, g);
    }
    add_overall(figure, row);
    return !figure->scene->failed;
}

mtp_forest_header mtp_forest_header_text(const mtp_forest_figure *figure)
{
    const mtp_bundle *bundle = figure->forest->bundle;
    const char *data[2];

    mtp_forest_cell_headers(bundle, data);
    return (mtp_forest_header){
        .label = "Study",
        .events = figure->has_events ? data[0] : "",
        .total = figure->has_total ? data[1] : "",
        .estimate = mtp_scene_printf(figure->scene, "%s [%s%% CI]",
                                     mtp_forest_natural(figure->scene, bundle),
                                     mtp_figure_level(figure->scene, bundle->level)),
        .weight = figure->has_weight ? "Weight" : "",
    };
}
