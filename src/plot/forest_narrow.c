/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A forest plot in less room than its columns take: the axis gets shorter, labels and
 * headings break, text gets smaller, and in the end columns are left out, those that a
 * reader misses least first. */
#include "plot/forest_figure.h"

#include <math.h>
#include <string.h>

#define LABEL_LEAST 60.0
#define PLOT_LEAST  80.0
#define LABEL_SHARE 0.6 /* of the room above the least, while the label needs it */
#define LABEL_MOST  190.0

static const mtp_forest_space tight = {.margin = 6.0,
                                       .gap = 7.0,
                                       .gutter = 9.0,
                                       .plot = PLOT_LEAST,
                                       .label_most = LABEL_LEAST,
                                       .cell_most = 60.0,
                                       .page = (double)NAN,
                                       .tight = true};

/* By how much text may be printed smaller: 7.5 points become 6. */
static const double scale[] = {1.0, 0.9, 0.8};
enum { SCALES = sizeof scale / sizeof scale[0] };

/* In which order columns are left out; 0: never. */
static int turn_of(const mtp_forest_column *column)
{
    switch (column->shown) {
    case MTP_SHOWN_STUDY:
    case MTP_SHOWN_EFFECT:
    case MTP_SHOWN_COUNT:
        return 0;
    case MTP_SHOWN_WEIGHT:
    case MTP_SHOWN_WEIGHT_COMMON:
    case MTP_SHOWN_WEIGHT_RANDOM:
        return 1;
    case MTP_SHOWN_DATA:
    case MTP_SHOWN_ARMS:
    case MTP_SHOWN_EVENTS:
    case MTP_SHOWN_N:
    case MTP_SHOWN_ROLE:
    case MTP_SHOWN_DATA1:
    case MTP_SHOWN_DATA2:
        return 2;
    case MTP_SHOWN_K:
    case MTP_SHOWN_TAU2:
    case MTP_SHOWN_I2:
        return 3;
    case MTP_SHOWN_COLUMN:
        return 4;
    case MTP_SHOWN_ROB:
        return 5;
    }
    return 0;
}

enum { TURNS = 5 };

/* Whether there was anything to leave out. */
static bool leave_out(mtp_forest_figure *figure, int turn)
{
    bool some = false;

    for (size_t c = 0; c < figure->n_columns; c++) {
        mtp_forest_column *column = &figure->column[c];

        if (column->used && turn_of(column) == turn) {
            column->used = false;
            column->dropped = some = true;
        }
    }
    return some;
}

/* The heading over the estimates joins theirs, which does not break within "95% CI". */
static void join_heading(mtp_forest_figure *figure)
{
    for (size_t c = 0; c < figure->n_columns; c++) {
        mtp_forest_column *column = &figure->column[c];
        const char *level = strstr(column->header, "% CI");

        if (column->shown == MTP_SHOWN_EFFECT && level) {
            column->header = mtp_scene_printf(figure->scene,
                                              "%s%s%.*s%%\xC2\xA0"
                                              "CI%s",
                                              column->over, column->over[0] ? " " : "",
                                              (int)(level - column->header),
                                              column->header, level + strlen("% CI"));
            column->over = "";
        }
    }
}

/* Whether the columns fit in a page of that width with the least label and axis; what
 * is left then goes to both. *whole: no label breaks. */
static bool fits(mtp_forest_figure *figure, double page, bool *whole)
{
    mtp_forest_space space = tight;
    double label, more, wanted;

    if (!mtp_forest_place_in(figure, &space) || figure->width > page) {
        return false;
    }
    label = figure->column[0].width;
    more = page - figure->width;
    wanted = fmin(mtp_forest_measure_lines(figure, 0), LABEL_MOST) - label;
    *whole = wanted <= LABEL_SHARE * more;
    space.label_most = label + fmax(0.0, fmin(wanted, LABEL_SHARE * more));
    space.page = page;
    return mtp_forest_place_in(figure, &space);
}

bool mtp_forest_squeeze(mtp_forest_figure *figure)
{
    bool whole;

    join_heading(figure);
    for (int turn = 0; turn <= TURNS && !figure->scene->failed; turn++) {
        if (turn > 0 && !leave_out(figure, turn)) {
            continue;
        }
        for (size_t i = 0; i < SCALES; i++) {
            if (fits(figure, figure->room / scale[i], &whole) &&
                (whole || i + 1 == SCALES)) {
                return true;
            }
        }
    }
    /* It is printed still smaller, which a note says. */
    return mtp_forest_place_in(figure, &tight);
}

const char *mtp_forest_dropped_words(const mtp_forest_figure *figure)
{
    const char *words = "", *before = "";
    bool lights = false;

    for (size_t c = 0; c < figure->n_columns; c++) {
        const mtp_forest_column *column = &figure->column[c];
        bool light = column->shown == MTP_SHOWN_ROB;
        bool first = c == 0 || strcmp(figure->column[c - 1].over, column->over) != 0;

        if (!column->dropped || (light && lights)) {
            continue;
        }
        lights = lights || light;
        words =
            mtp_scene_printf(figure->scene, "%s%s%s%s%s", words, words[0] ? before : "",
                             first && column->over[0] ? column->over : "",
                             light                      ? ""
                             : first && column->over[0] ? " "
                                                        : "",
                             light ? "" : column->header);
        before = "; ";
    }
    return words[0] ? mtp_scene_printf(figure->scene, "Not shown for want of room: %s.",
                                       words)
                    : "";
}
