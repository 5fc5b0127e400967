/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_OPTIONS_FOREST_H
#define MTP_ANALYSIS_OPTIONS_FOREST_H

#include "metapool/forest_look.h"

/* How a forest plot looks: a part of MTP_OPTION_LIST. None of these changes a number.
 */

/* clang-format off */
#define MTP_FOREST_OPTION_LIST(X)                                                          \
    X(LAYOUT, "layout", 0, MTP_COMMAND_FOREST, OUTPUT, CHOICE,                             \
      MTP_FOREST_LAYOUT_LIST(MTP_CHOICE_ID), 0, 0, "default", "LAYOUT", false,             \
      "columns, words and marks of the forest plot as a journal has them; subgroup: "      \
      "summaries alone")                                                                   \
    X(LEFT, "left", 0, MTP_COMMAND_FOREST, COLUMNS, TEXT, "", 0, 0, NULL, "NAME,...", false, \
      "columns beside the labels of the forest plot: data, arms, events, n, effect, weight, " \
      "weight-common, weight-random, an option of raw data (events1) or any column or "     \
      "expression; none (default: those of --layout)")                                     \
    X(RIGHT, "right", 0, MTP_COMMAND_FOREST, COLUMNS, TEXT, "", 0, 0, NULL, "NAME,...",    \
      false, "columns to the right of the plot, as --left")                                \
    X(ROB, "rob", 0, MTP_COMMAND_FOREST, COLUMNS, TEXT, "", 0, 0, NULL, "NAME,...", false,  \
      "columns with the risk of bias in each domain (low, some, high, unclear), as lights " \
      "beside the forest plot")                                                             \
    X(SORT, "sort", 0, MTP_COMMAND_FOREST, ROWS, TEXT, "", 0, 0, NULL, "KEY[:desc]", false, \
      "order of the studies in the forest plot: yi, weight, name, or a column or expression" \
      " (default: that of the table)")                                                      \
    X(FAVOURS, "favours", 0, MTP_COMMAND_FOREST, OUTPUT, TEXT, "", 0, 0, NULL, "LEFT,RIGHT", \
      false, "forest plot: what effects on the left and on the right of the hypothesis favour") \
    X(POOLED, "pooled", 0, MTP_COMMAND_FOREST, OUTPUT, CHOICE,                             \
      MTP_POOLED_SHOWN_LIST(MTP_CHOICE_ID), 0, 0, "layout", "NAME", false,                 \
      "forest plot: which pooled estimates have diamonds, weights, squares and tests; layout: both in " \
      "default and subgroup, else the common effect of mh, peto and --tau2 EE and random effects of others") \
    X(POOLED_LINE, "pooled-line", 0, MTP_COMMAND_FOREST, OUTPUT, CHOICE,                   \
      MTP_POOLED_LINE_LIST(MTP_CHOICE_ID), 0, 0, "layout", "NAME", false,                  \
      "forest plot: the dashed line at the overall estimate")                              \
    X(PAGE_HEIGHT, "page-height", 0, MTP_COMMAND_FOREST, OUTPUT, NUMBER, "", 50, 2000, NULL, \
      "MM", false, "forest plot as pdf: on pages of this height in millimetres, as 297 of A4, each with " \
      "header and axis (default: one page as long as the figure)")                         \
    X(CID, "cid", 0, MTP_COMMAND_FOREST, OUTPUT, TEXT, "", 0, 0, NULL, "LOW,HIGH", false,  \
      "forest plot: shade the effects between these, which are too small to matter")       \
    X(NOT_ESTIMABLE, "not-estimable", 0, MTP_COMMAND_FOREST, ROWS, CHOICE, "show|hide|", 0, 0, \
      "show", "NAME", false, "forest plot: studies that say nothing about the effect (as those "  \
      "without events in either group), which are left out of the pooling: show their data, or hide them") \
    X(XLIM, "xlim", 0, MTP_COMMAND_FOREST, OUTPUT, TEXT, "", 0, 0, NULL, "LOW,HIGH", false, \
      "forest plot: ends of the axis; what lies beyond ends in arrows")
/* clang-format on */

#endif
