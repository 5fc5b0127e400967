/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which columns a forest plot has, their headings and their cells. */
#include "plot/forest_figure.h"
#include "plot/forest_kind.h"
#include "plot/forest_text.h"

#include <math.h>
#include <string.h>

static mtp_forest_column *add_column(mtp_forest_figure *figure, mtp_shown shown,
                                     mtp_mark mark, const char *header)
{
    mtp_forest_column *column = &figure->column[figure->n_columns++];

    *column = (mtp_forest_column){
        .shown = shown, .mark = mark, .at_right = true, .over = "", .header = header};
    return column;
}

/* What JAMA and The BMJ print over the data of both groups. */
static const char *data_over(const mtp_forest_figure *figure)
{
    if (!figure->style->data_over) {
        return "";
    }
    switch (figure->forest->bundle->measure->input) {
    case MTP_INPUT_TWO_EVENTS_N:
        return "No. of events / total";
    case MTP_INPUT_TWO_EVENTS_TIME:
        return "No. of events / person-time";
    default:
        return "";
    }
}

static void add_data(mtp_forest_figure *figure)
{
    static const mtp_shown shown[] = {MTP_SHOWN_DATA1, MTP_SHOWN_DATA2};
    static const mtp_mark mark[] = {MTP_MARK_EVENTS, MTP_MARK_TOTAL};
    const char *header[2];

    mtp_forest_cell_headers(figure->forest->bundle, header);
    for (int i = 0; i < 2; i++) {
        add_column(figure, shown[i], mark[i], header[i])->over = data_over(figure);
    }
}

static void add_role(mtp_forest_figure *figure, mtp_role role, const char *header,
                     const char *over)
{
    mtp_forest_column *column =
        add_column(figure, MTP_SHOWN_ROLE, MTP_MARK_CELL, header);

    column->role = role;
    column->over = over;
}

/* A column for each figure of each group, where a layout has them. */
static void add_arms(mtp_forest_figure *figure)
{
    static const char *const over[] = {"Treated", "Control"};
    static const struct {
        mtp_input_kind input;
        mtp_role role[2]; /* of either group */
        const char *header;
    } figures[] = {
        {MTP_INPUT_TWO_EVENTS_N, {MTP_ROLE_EVENTS1, MTP_ROLE_EVENTS2}, "Events"},
        {MTP_INPUT_TWO_EVENTS_N, {MTP_ROLE_N1, MTP_ROLE_N2}, "Total"},
        {MTP_INPUT_TWO_EVENTS_TIME, {MTP_ROLE_EVENTS1, MTP_ROLE_EVENTS2}, "Events"},
        {MTP_INPUT_TWO_EVENTS_TIME, {MTP_ROLE_TIME1, MTP_ROLE_TIME2}, "Time"},
        {MTP_INPUT_MEANS, {MTP_ROLE_MEAN1, MTP_ROLE_MEAN2}, "Mean"},
        {MTP_INPUT_MEANS, {MTP_ROLE_SD1, MTP_ROLE_SD2}, "SD"},
        {MTP_INPUT_MEANS, {MTP_ROLE_N1, MTP_ROLE_N2}, "Total"},
    };
    size_t before = figure->n_columns;

    for (size_t group = 0; group < 2; group++) {
        for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
            if (figures[i].input == figure->forest->bundle->measure->input) {
                add_role(figure, figures[i].role[group], figures[i].header,
                         over[group]);
            }
        }
    }
    if (figure->n_columns == before) {
        add_data(figure);
    }
}

/* "IV, Random, ": how Review Manager names the model. */
static const char *model_letters(mtp_scene *scene, const mtp_bundle *bundle, bool both,
                                 bool common)
{
    static const char *const method[MTP_METHOD_COUNT] = {[MTP_METHOD_INVERSE] = "IV",
                                                         [MTP_METHOD_MH] = "M-H",
                                                         [MTP_METHOD_PETO] = "Peto",
                                                         [MTP_METHOD_GLMM] = "GLMM",
                                                         [MTP_METHOD_BETABINOMIAL] =
                                                             "Beta-binomial"};

    return mtp_scene_printf(scene, "%s, %s", method[bundle->pool->options.method],
                            both     ? ""
                            : common ? "Fixed, "
                                     : "Random, ");
}

static void add_effect(mtp_forest_figure *figure)
{
    const mtp_forest_style *style = figure->style;
    const mtp_bundle *bundle = figure->forest->bundle;
    mtp_scene *scene = figure->scene;
    bool revman = mtp_forest_layout_of(bundle) == MTP_LAYOUT_REVMAN5;
    const char *natural = mtp_forest_natural(scene, bundle);
    const char *level = mtp_scene_printf(scene, "%s%s%% CI%s", style->interval_open,
                                         mtp_figure_level(scene, bundle->level),
                                         style->interval_open[0] ? style->close : "");
    mtp_forest_column *column = add_column(
        figure, MTP_SHOWN_EFFECT, MTP_MARK_LIMITS,
        revman ? mtp_scene_printf(
                     scene, "%s%s",
                     model_letters(scene, bundle, figure->both, figure->common), level)
               : mtp_scene_printf(scene, "%s %s", natural, level));

    column->used = true;
    column->over = revman ? natural : "";
}

/* "Common" and "Random" stand under "Weight". */
static void add_weight(mtp_forest_figure *figure, mtp_shown shown)
{
    mtp_forest_column *column =
        add_column(figure, shown, MTP_MARK_WEIGHT, figure->style->weight);

    if (shown != MTP_SHOWN_WEIGHT) {
        column->over = figure->style->weight;
        column->header = shown == MTP_SHOWN_WEIGHT_COMMON ? "Common" : "Random";
    }
}

static void add_own(mtp_forest_figure *figure, const mtp_forest_shown *asked)
{
    mtp_forest_column *column =
        add_column(figure, asked->shown, MTP_MARK_CELL, asked->name);

    column->asked = asked;
    column->role = asked->role;
    column->at_right = asked->shown == MTP_SHOWN_ROLE || asked->is_number;
}

static void add_shown(mtp_forest_figure *figure, const mtp_forest_shown *asked)
{
    bool time = figure->forest->bundle->measure->input == MTP_INPUT_EVENTS_TIME ||
                figure->forest->bundle->measure->input == MTP_INPUT_TWO_EVENTS_TIME;

    switch (asked->shown) {
    case MTP_SHOWN_DATA:
        add_data(figure);
        return;
    case MTP_SHOWN_ARMS:
        add_arms(figure);
        return;
    case MTP_SHOWN_EVENTS:
        add_column(figure, asked->shown, MTP_MARK_EVENTS, "Events");
        return;
    case MTP_SHOWN_N:
        add_column(figure, asked->shown, MTP_MARK_TOTAL, time ? "Time" : "n");
        return;
    case MTP_SHOWN_EFFECT:
        add_effect(figure);
        return;
    case MTP_SHOWN_WEIGHT:
    case MTP_SHOWN_WEIGHT_COMMON:
    case MTP_SHOWN_WEIGHT_RANDOM:
        add_weight(figure, asked->shown);
        return;
    case MTP_SHOWN_ROLE:
    case MTP_SHOWN_COLUMN:
        add_own(figure, asked);
        return;
    case MTP_SHOWN_K:
        add_column(figure, asked->shown, MTP_MARK_CELL, "Studies");
        return;
    case MTP_SHOWN_TAU2:
        add_column(figure, asked->shown, MTP_MARK_CELL, "\xCF\x84\xC2\xB2");
        return;
    case MTP_SHOWN_I2:
        add_column(figure, asked->shown, MTP_MARK_CELL, "I\xC2\xB2");
        return;
    default:
        return;
    }
}

static bool is_named(const mtp_forest_side *side, mtp_shown shown)
{
    for (size_t i = 0; side && i < side->n; i++) {
        if (side->column[i].shown == shown) {
            return true;
        }
    }
    return false;
}

/* The columns that were asked for, else those of the layout that are not named for the
 * other side. */
static void add_side(mtp_forest_figure *figure, const mtp_forest_side *side,
                     const mtp_forest_side *other, const mtp_shown usual[])
{
    if (side && side->given) {
        for (size_t i = 0; i < side->n; i++) {
            add_shown(figure, &side->column[i]);
        }
        return;
    }
    for (size_t i = 0; i < MTP_STYLE_COLUMNS && usual[i] != MTP_SHOWN_STUDY; i++) {
        if (!is_named(other, usual[i])) {
            add_shown(figure, &(mtp_forest_shown){.shown = usual[i]});
        }
    }
}

static void add_label(mtp_forest_figure *figure)
{
    mtp_forest_column *column =
        add_column(figure, MTP_SHOWN_STUDY, MTP_MARK_LABEL, figure->style->study);

    column->at_right = false;
    column->used = true;
}

bool mtp_forest_has_letters(const mtp_bundle *bundle)
{
    const mtp_forest_look *look = bundle->look;

    for (size_t d = 0; look && d < look->n_rob; d++) {
        if (mtp_text_width(look->rob[d].name, mtp_mark_get(MTP_MARK_HEADER)->text_size,
                           true) > MTP_FOREST_LIGHT) {
            return true;
        }
    }
    return false;
}

/* A column of lights for each domain, headed by names that are short or by letters. */
static void add_lights(mtp_forest_figure *figure)
{
    const mtp_forest_look *look = figure->forest->bundle->look;
    bool letters = mtp_forest_has_letters(figure->forest->bundle);

    for (size_t d = 0; look && figure->style->studies && d < look->n_rob; d++) {
        mtp_forest_column *column =
            add_column(figure, MTP_SHOWN_ROB, MTP_MARK_CELL,
                       letters ? mtp_scene_printf(figure->scene, "%c", (int)('A' + d))
                               : look->rob[d].name);

        column->over = "Risk of bias";
        column->used = column->centred = true;
        column->domain = d;
    }
}

void mtp_forest_choose_columns(mtp_forest_figure *figure)
{
    const mtp_forest_look *look = figure->forest->bundle->look;
    const mtp_forest_side *left = look ? &look->left : NULL;
    const mtp_forest_side *right = look ? &look->right : NULL;
    static const mtp_shown fit_left[MTP_STYLE_COLUMNS] = {MTP_SHOWN_K, MTP_SHOWN_TAU2,
                                                          MTP_SHOWN_I2},
                           fit_right[MTP_STYLE_COLUMNS] = {MTP_SHOWN_EFFECT};
    bool fits = mtp_forest_fits(figure->forest->bundle) != NULL;

    add_label(figure);
    add_side(figure, left, right, fits ? fit_left : figure->style->left);
    figure->n_left = figure->n_columns;
    add_side(figure, right, left, fits ? fit_right : figure->style->right);
    add_lights(figure);
}

const mtp_forest_column *mtp_forest_effect_column(const mtp_forest_figure *figure)
{
    for (size_t i = 0; i < figure->n_columns; i++) {
        if (figure->column[i].shown == MTP_SHOWN_EFFECT) {
            return &figure->column[i];
        }
    }
    return NULL;
}

static const char *weight_text(mtp_forest_figure *figure, double weight)
{
    return isfinite(weight)
               ? mtp_scene_printf(figure->scene, "%s%s",
                                  mtp_figure_number(figure->scene, weight, 1),
                                  figure->style->percent)
               : "";
}

static const char *role_text(mtp_scene *scene, const mtp_bundle *bundle,
                             const mtp_forest_row *row, mtp_role role)
{
    double value = mtp_forest_value(bundle, row, role);

    return mtp_role_adds_up(role) ? mtp_figure_count(scene, value)
                                  : mtp_figure_given(scene, value);
}

/* The study count and heterogeneity of a fit; of all studies beside the model that the
 * fits are of. */
static const char *fit_text(const mtp_forest_figure *figure, mtp_shown shown,
                            const mtp_forest_row *row)
{
    const mtp_sensitivity_analysis *fits = mtp_forest_fits(figure->forest->bundle);
    mtp_scene *scene = figure->scene;

    if (isnan(row->k) || !fits ||
        (row->kind == MTP_FOREST_OVERALL_COMMON && !fits->common) ||
        (row->kind == MTP_FOREST_OVERALL_RANDOM && fits->common)) {
        return "";
    }
    if (shown == MTP_SHOWN_K) {
        return mtp_figure_count(scene, row->k);
    }
    if (shown == MTP_SHOWN_TAU2) {
        return isnan(row->tau2) ? "" : mtp_figure_variance(scene, row->tau2);
    }
    return isnan(row->I2)
               ? ""
               : mtp_scene_printf(scene, "%s%%", mtp_figure_number(scene, row->I2, 1));
}

static const char *cell_text(mtp_forest_figure *figure, const mtp_forest_column *column,
                             const mtp_forest_row *row, bool total)
{
    const char *data[2], *own;

    switch (column->shown) {
    case MTP_SHOWN_DATA1:
    case MTP_SHOWN_DATA2:
        if (!total) {
            return "";
        }
        mtp_forest_cells(figure->scene, figure->forest->bundle, row, data);
        return data[column->shown == MTP_SHOWN_DATA2];
    case MTP_SHOWN_ROLE:
        return total
                   ? role_text(figure->scene, figure->forest->bundle, row, column->role)
                   : "";
    case MTP_SHOWN_K:
    case MTP_SHOWN_TAU2:
    case MTP_SHOWN_I2:
        return fit_text(figure, column->shown, row);
    case MTP_SHOWN_EVENTS:
        return total ? mtp_figure_count(figure->scene, row->events) : "";
    case MTP_SHOWN_N:
        return total ? mtp_figure_count(figure->scene, row->n) : "";
    case MTP_SHOWN_WEIGHT:
        return weight_text(figure,
                           figure->common ? row->weight_common : row->weight_random);
    case MTP_SHOWN_WEIGHT_COMMON:
        return weight_text(figure, row->weight_common);
    case MTP_SHOWN_WEIGHT_RANDOM:
        return weight_text(figure, row->weight_random);
    case MTP_SHOWN_COLUMN:
        own = mtp_forest_cell(row, column->asked);
        return own ? own : "";
    default:
        return "";
    }
}

void mtp_forest_fill_cells(mtp_forest_figure *figure, const mtp_forest_row *row,
                           bool total, mtp_forest_line *line)
{
    for (size_t c = 1; c < figure->n_columns; c++) {
        mtp_forest_column *column = &figure->column[c];

        line->cell[c] = cell_text(figure, column, row, total);
        column->used = column->used || line->cell[c][0];
    }
    figure->has_weight = figure->has_weight || isfinite(row->weight_random);
}
