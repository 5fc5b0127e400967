/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Risk of bias as lights: circles whose signs tell them apart without colour. */
#include "plot/forest_figure.h"
#include "plot/forest_kind.h"

#include <math.h>

#define RADIUS    5.0
#define SIGN_HALF 2.6
#define KEY_GAP   4.0  /* from a light to its word */
#define KEY_SPACE 14.0 /* between words and the next light */
#define KEY_PITCH 13.0

static void draw_cross(mtp_scene *scene, size_t row, mtp_point at, double x, double y)
{
    mtp_scene_line(scene, MTP_MARK_ROB_SIGN, row, (mtp_point){at.x - x, at.y - y},
                   (mtp_point){at.x + x, at.y + y});
}

static void draw_question_mark(mtp_scene *scene, size_t row, mtp_point at)
{
    static const mtp_point hook[] = {{-1.6, -1.5}, {-1.1, -2.7}, {0.0, -3.1},
                                     {1.2, -2.7},  {1.6, -1.6},  {1.1, -0.6},
                                     {0.2, 0.1},   {0.0, 1.2}};
    mtp_point point[sizeof hook / sizeof *hook];

    for (size_t i = 0; i < sizeof hook / sizeof *hook; i++) {
        point[i] = (mtp_point){at.x + hook[i].x, at.y + hook[i].y};
    }
    mtp_scene_path(scene, MTP_MARK_ROB_SIGN, row, sizeof hook / sizeof *hook, point);
    mtp_scene_line(scene, MTP_MARK_ROB_SIGN, row, (mtp_point){at.x, at.y + 2.2},
                   (mtp_point){at.x, at.y + 3.2});
}

static void draw_light(mtp_scene *scene, mtp_rob level, size_t row, mtp_point at)
{
    static const mtp_mark mark[MTP_ROB_COUNT] = {[MTP_ROB_LOW] = MTP_MARK_ROB_LOW,
                                                 [MTP_ROB_SOME] = MTP_MARK_ROB_SOME,
                                                 [MTP_ROB_HIGH] = MTP_MARK_ROB_HIGH,
                                                 [MTP_ROB_UNCLEAR] =
                                                     MTP_MARK_ROB_UNCLEAR};

    if (level == MTP_ROB_NONE) {
        return;
    }
    mtp_scene_circle(scene, mark[level], row, at, RADIUS);
    if (level == MTP_ROB_UNCLEAR) {
        draw_question_mark(scene, row, at);
    } else if (level == MTP_ROB_HIGH) {
        draw_cross(scene, row, at, 0.8 * SIGN_HALF, 0.8 * SIGN_HALF);
        draw_cross(scene, row, at, 0.8 * SIGN_HALF, -0.8 * SIGN_HALF);
    } else {
        draw_cross(scene, row, at, SIGN_HALF, 0.0);
    }
    if (level == MTP_ROB_LOW) {
        draw_cross(scene, row, at, 0.0, SIGN_HALF);
    }
}

void mtp_forest_draw_lights(const mtp_forest_figure *figure)
{
    const mtp_forest_look *look = figure->forest->bundle->look;

    for (size_t i = 0; i < figure->n_lines; i++) {
        const mtp_forest_line *line = &figure->line[i];
        const mtp_forest_row *row =
            line->row == MTP_NO_ROW ? NULL : &figure->forest->row[line->row];

        for (size_t c = 0; c < figure->n_columns; c++) {
            const mtp_forest_column *column = &figure->column[c];

            if (column->shown == MTP_SHOWN_ROB && column->used && row) {
                draw_light(
                    figure->scene, mtp_forest_risk(row, &look->rob[column->domain]),
                    line->row,
                    (mtp_point){column->left + 0.5 * column->width, line->middle});
            }
        }
    }
}

static bool has_lights(const mtp_forest_figure *figure)
{
    for (size_t c = 0; c < figure->n_columns; c++) {
        if (figure->column[c].shown == MTP_SHOWN_ROB && figure->column[c].used) {
            return true;
        }
    }
    return false;
}

double mtp_forest_draw_lights_key(const mtp_forest_figure *figure, double y)
{
    const mtp_forest_look *look = figure->forest->bundle->look;
    double size = mtp_mark_get(MTP_MARK_FOOTER)->text_size, x = figure->space.margin;
    mtp_text_format format = {MTP_MARK_FOOTER, false, MTP_ANCHOR_START};

    if (!look || !has_lights(figure)) {
        return y;
    }
    for (int level = MTP_ROB_LOW; level < MTP_ROB_COUNT; level++) {
        const char *word = mtp_rob_label((mtp_rob)level);
        double width = mtp_text_width(word, size, false);

        if (x + 2.0 * RADIUS + KEY_GAP + width > figure->width - figure->space.margin) {
            x = figure->space.margin;
            y += KEY_PITCH;
        }
        draw_light(figure->scene, (mtp_rob)level, MTP_NO_ROW,
                   (mtp_point){x + RADIUS, y + 0.5 * KEY_PITCH});
        x += 2.0 * RADIUS + KEY_GAP;
        mtp_scene_text(figure->scene, format, MTP_NO_ROW,
                       (mtp_point){x, y + 0.5 * KEY_PITCH + 0.36 * size}, word);
        x += width + KEY_SPACE;
    }
    return y + KEY_PITCH;
}
