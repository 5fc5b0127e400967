/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The raw data beside a study's name: two columns, whatever the measure is made of. */
#include "plot/forest_figure.h"
#include "plot/forest_text.h"

#include <math.h>

double mtp_forest_value(const mtp_bundle *bundle, const mtp_forest_row *row,
                        mtp_role role)
{
    for (size_t r = 0; row->raw && r < bundle->n_columns; r++) {
        if (bundle->raw_role[r] == role) {
            return row->raw[r];
        }
    }
    return (double)NAN;
}

/* "4/123", "" where one of them is missing. */
static const char *fraction(mtp_scene *scene, double x, double n)
{
    return isnan(x) || isnan(n)
               ? ""
               : mtp_scene_printf(scene, "%s/%s", mtp_figure_count(scene, x),
                                  mtp_figure_count(scene, n));
}

/* "23.4 (5.1)"; what is missing is left out. */
static const char *mean_and_sd(mtp_scene *scene, double mean, double sd)
{
    const char *spread = isnan(sd) ? "" : mtp_figure_given(scene, sd);

    if (isnan(mean)) {
        return spread;
    }
    return mtp_scene_printf(scene, spread[0] ? "%s (%s)" : "%s",
                            mtp_figure_given(scene, mean), spread);
}

/* "23.4 (5.1), 30"; a summary has the number of patients alone. */
static const char *group_words(mtp_scene *scene, double mean, double sd, double n)
{
    const char *values = mean_and_sd(scene, mean, sd);

    return mtp_scene_printf(scene, "%s%s%s", values, values[0] && !isnan(n) ? ", " : "",
                            mtp_figure_count(scene, n));
}

void mtp_forest_cells(mtp_scene *scene, const mtp_bundle *bundle,
                      const mtp_forest_row *row, const char *cell[2])
{
#define VALUE(role) mtp_forest_value(bundle, row, MTP_ROLE_##role)
    switch (bundle->measure->input) {
    case MTP_INPUT_TWO_EVENTS_N:
        cell[0] = fraction(scene, VALUE(EVENTS1), VALUE(N1));
        cell[1] = fraction(scene, VALUE(EVENTS2), VALUE(N2));
        return;
    case MTP_INPUT_TWO_EVENTS_TIME:
        cell[0] = fraction(scene, VALUE(EVENTS1), VALUE(TIME1));
        cell[1] = fraction(scene, VALUE(EVENTS2), VALUE(TIME2));
        return;
    case MTP_INPUT_MEANS:
        cell[0] = group_words(scene, VALUE(MEAN1), VALUE(SD1), VALUE(N1));
        cell[1] = group_words(scene, VALUE(MEAN2), VALUE(SD2), VALUE(N2));
        return;
    case MTP_INPUT_MEAN:
        cell[0] = mean_and_sd(scene, VALUE(MEAN), VALUE(SD));
        cell[1] = mtp_figure_count(scene, row->n);
        return;
    case MTP_INPUT_OE:
        cell[0] = mtp_figure_given(scene, VALUE(OE));
        cell[1] = mtp_figure_given(scene, VALUE(VAR));
        return;
    default:
        cell[0] = mtp_figure_count(scene, row->events);
        cell[1] = mtp_figure_count(scene, row->n);
    }
#undef VALUE
}

/* Whether a measure of means takes this role: not all take means, or both SDs. */
static bool has_role(const mtp_bundle *bundle, mtp_role role)
{
    size_t r = 0;

    while (r < bundle->n_columns && bundle->raw_role[r] != role) {
        r++;
    }
    return r < bundle->n_columns;
}

void mtp_forest_cell_headers(const mtp_bundle *bundle, const char *header[2])
{
    header[0] = "Events";
    header[1] = "n";
    switch (bundle->measure->input) {
    case MTP_INPUT_TWO_EVENTS_N:
    case MTP_INPUT_TWO_EVENTS_TIME:
    case MTP_INPUT_MEANS:
        header[0] = "Treated";
        header[1] = "Control";
        return;
    case MTP_INPUT_EVENTS_TIME:
        header[1] = "Time";
        return;
    case MTP_INPUT_MEAN:
        header[0] = has_role(bundle, MTP_ROLE_MEAN) ? "Mean (SD)" : "SD";
        return;
    case MTP_INPUT_OE:
        header[0] = "O \xE2\x88\x92 E";
        header[1] = "V";
        return;
    case MTP_INPUT_PAIRED_CELLS:
    case MTP_INPUT_PAIRED_MARGINS:
        header[1] = "Pairs";
        return;
    default:
        return;
    }
}

const char *mtp_forest_cell_meaning(const mtp_bundle *bundle)
{
    bool means = has_role(bundle, MTP_ROLE_MEAN1);

    switch (bundle->measure->input) {
    case MTP_INPUT_TWO_EVENTS_N:
        return " Treated and control: events / n.";
    case MTP_INPUT_TWO_EVENTS_TIME:
        return " Treated and control: events / person-time.";
    case MTP_INPUT_MEANS:
        return !means ? " Treated and control: SD, n."
               : !has_role(bundle, MTP_ROLE_SD1)
                   ? " Treated and control: mean, SD in "
                     "parentheses (control), n."
                   : " Treated and control: mean (SD), n.";
    default:
        return "";
    }
}
