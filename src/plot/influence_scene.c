/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of an influence plot: a small panel for each diagnostic, the studies by
 * their numbers in all of them, and below which name each number stands for. */
#include "plot/forest_text.h"
#include "plot/frame.h"
#include "plot/influence_figure.h"

#include <math.h>
#include <string.h>

#define MARGIN      12.0
#define TWO_COLUMNS 320.0 /* page width from which two panels stand side by side */
#define GUTTER      14.0
#define PANEL_TITLE 19.0 /* above a panel; below: the study numbers */
#define PANEL_FOOT  15.0
#define PANEL_SHAPE 0.5 /* height of a panel by its width */
#define TALLEST     80.0
#define TITLE_PITCH 14.0
#define TICK_LENGTH 3.0
#define NAME_PITCH  9.0
#define NAME_WIDTH  140.0 /* columns of names have it at least */
#define FAR_CUT     4.0 /* a cut-off so many times farther than any study is not drawn */

/* Studies up to which each has a circle, and all are named below; names at most. */
enum { MOST_CIRCLES = 100, ALL_NAMED = 60, MOST_NAMES = 60 };

typedef struct panel_kind {
    const char *title;
    bool from_zero;
    int rule; /* of influence; -1: none */
    bool both_sides;
    size_t offset; /* of the figure in mtp_study_influence */
} panel_kind;

/* clang-format off */
#define PANEL(field, title, zero) \
    {title, zero, -1, false, offsetof(mtp_study_influence, field)},
/* clang-format on */
static const panel_kind plain[] = {MTP_INFLUENCE_PANEL_LIST(PANEL)};
#undef PANEL

enum { PANELS = sizeof plain / sizeof plain[0] };

typedef struct influence_figure {
    const mtp_bundle *bundle;
    const mtp_influence_result *made;
    mtp_scene *scene;
    double width;
    panel_kind kind[PANELS];
    mtp_frame panel[PANELS];
    double reference[PANELS], cut[PANELS]; /* NaN: none */
    bool cut_drawn[PANELS];
    size_t n_influential;
} influence_figure;

static double figure_of(const influence_figure *f, size_t panel, size_t study)
{
    double value;

    memcpy(&value, (const char *)&f->made->study[study] + f->kind[panel].offset,
           sizeof value);
    return value;
}

static double text_size(mtp_mark mark)
{
    return mtp_mark_get(mark)->text_size;
}

/* The panels: what all studies together have, and what makes a study influential. */

static void set_rule(influence_figure *f, size_t panel, mtp_influence_rule rule)
{
    f->kind[panel].rule = (int)rule;
    f->kind[panel].both_sides = rule == MTP_INFLUENCE_DFFITS;
    f->cut[panel] = mtp_influence_cutoff(rule, f->made->k, f->made->p);
}

static void set_lines(influence_figure *f)
{
    double k = (double)f->made->k, p = (double)f->made->p;

    memcpy(f->kind, plain, sizeof plain);
    for (size_t i = 0; i < PANELS; i++) {
        f->cut[i] = f->reference[i] = (double)NAN;
        switch (f->kind[i].offset) {
        case offsetof(mtp_study_influence, dffits):
            set_rule(f, i, MTP_INFLUENCE_DFFITS);
            f->reference[i] = 0.0;
            break;
        case offsetof(mtp_study_influence, cooks_d):
            set_rule(f, i, MTP_INFLUENCE_COOKS_D);
            break;
        case offsetof(mtp_study_influence, hat):
            set_rule(f, i, MTP_INFLUENCE_HAT);
            f->reference[i] = p / k;
            break;
        case offsetof(mtp_study_influence, rstudent):
            f->reference[i] = 0.0;
            break;
        case offsetof(mtp_study_influence, cov_r):
            f->reference[i] = 1.0;
            break;
        case offsetof(mtp_study_influence, tau2_del):
            f->reference[i] = f->made->tau2;
            break;
        case offsetof(mtp_study_influence, Q_del):
            f->reference[i] = f->made->Q;
            break;
        default: /* weight */
            f->reference[i] = 100.0 / k;
            break;
        }
    }
}

static bool choose_axis(influence_figure *f, size_t panel)
{
    mtp_arena *arena = f->scene->arena;
    size_t k = f->made->k, n = k + 3;
    double *value = MTP_ARENA_ARRAY(arena, n, double);
    double *none = MTP_ARENA_ARRAY(arena, n, double);
    double largest = 0.0, cut = f->cut[panel];
    mtp_axis_data data = {n,
                          none,
                          value,
                          none,
                          f->kind[panel].from_zero ? 0.0 : -(double)INFINITY,
                          (double)INFINITY};

    if (!value || !none) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        none[i] = (double)NAN;
        value[i] = i < k ? figure_of(f, panel, i) : (double)NAN;
        largest = isfinite(value[i]) ? fmax(largest, fabs(value[i])) : largest;
    }
    f->cut_drawn[panel] = isfinite(cut) && cut <= FAR_CUT * largest;
    value[k] = f->reference[panel];
    value[k + 1] = f->cut_drawn[panel] ? cut : (double)NAN;
    value[k + 2] =
        f->cut_drawn[panel] && f->kind[panel].both_sides ? -cut : (double)NAN;
    return mtp_axis_choose(&data, arena, &f->panel[panel].y);
}

/* Layout */

static size_t columns_of(const influence_figure *f)
{
    return f->width >= TWO_COLUMNS ? 2 : 1;
}

/* Room for the labels of the vertical axes of a column of panels. */
static double label_width(const influence_figure *f, size_t column)
{
    double widest = 0.0;

    for (size_t i = column; i < PANELS; i += columns_of(f)) {
        const mtp_axis *axis = &f->panel[i].y;

        for (size_t t = 0; t < axis->n_ticks; t++) {
            widest =
                fmax(widest, mtp_text_width(mtp_figure_tick(f->scene, axis, t),
                                            text_size(MTP_MARK_TICK_LABEL), false));
        }
    }
    return widest + 8.0;
}

/* Place the panels below y; returns where they end. */
static double place_panels(influence_figure *f, double y)
{
    size_t columns = columns_of(f);
    double room =
        (f->width - 2.0 * MARGIN - (double)(columns - 1) * GUTTER) / (double)columns;
    double height = fmin(PANEL_SHAPE * room, TALLEST);

    for (size_t i = 0; i < PANELS; i++) {
        mtp_frame *panel = &f->panel[i];
        double left = MARGIN + (double)(i % columns) * (room + GUTTER);
        double top = y + (double)(i / columns) * (PANEL_TITLE + height + PANEL_FOOT);

        panel->scene = f->scene;
        panel->width = f->width;
        panel->plot = (mtp_box){left + label_width(f, i % columns), top + PANEL_TITLE,
                                left + room, top + PANEL_TITLE + height};
        panel->y.left = panel->plot.bottom;
        panel->y.right = panel->plot.top;
        panel->x = (mtp_axis){.low = 0.5,
                              .high = (double)f->made->k + 0.5,
                              .left = panel->plot.left,
                              .right = panel->plot.right};
    }
    return f->panel[PANELS - 1].plot.bottom + PANEL_FOOT;
}

/* Drawing */

static const char *panel_title(const influence_figure *f, size_t panel)
{
    double cut = f->cut[panel];

    return !isfinite(cut)
               ? f->kind[panel].title
               : mtp_scene_printf(
                     f->scene, "%s, cut-off %s%s%s", f->kind[panel].title,
                     f->kind[panel].both_sides ? "\xC2\xB1" : "",
                     mtp_figure_number(f->scene, cut, MTP_FIGURE_SIGNIFICANT),
                     f->cut_drawn[panel] ? "" : " (beyond)");
}

static void draw_level(const influence_figure *f, size_t panel, mtp_mark mark,
                       double value)
{
    const mtp_frame *frame = &f->panel[panel];
    double y = mtp_axis_place(&frame->y, value);

    mtp_scene_line(f->scene, mark, MTP_NO_ROW, (mtp_point){frame->plot.left, y},
                   (mtp_point){frame->plot.right, y});
}

static void draw_levels(const influence_figure *f, size_t panel)
{
    if (isfinite(f->reference[panel])) {
        draw_level(f, panel, MTP_MARK_NULL, f->reference[panel]);
    }
    if (f->cut_drawn[panel]) {
        draw_level(f, panel, MTP_MARK_LIMIT, f->cut[panel]);
        if (f->kind[panel].both_sides) {
            draw_level(f, panel, MTP_MARK_LIMIT, -f->cut[panel]);
        }
    }
}

/* Every how many studies there is room for a number: 1, 2, 5, 10, ... */
static size_t number_stride(const influence_figure *f)
{
    static const size_t factor[] = {2, 5, 10};
    const mtp_box *plot = &f->panel[0].plot;
    size_t k = f->made->k, power = 1, stride = 1;
    double widest = mtp_text_width(mtp_scene_printf(f->scene, "%zu", k),
                                   text_size(MTP_MARK_TICK_LABEL), false) +
                    5.0;

    for (size_t i = 0; (plot->right - plot->left) * (double)stride / (double)k < widest;
         i++) {
        stride = factor[i % 3] * power;
        power *= i % 3 == 2 ? 10 : 1;
    }
    return stride;
}

static void draw_numbers(const influence_figure *f, size_t panel, size_t stride)
{
    mtp_text_format label = {MTP_MARK_TICK_LABEL, false, MTP_ANCHOR_MIDDLE};
    const mtp_frame *frame = &f->panel[panel];
    double y = frame->plot.bottom;

    for (size_t i = stride; i <= f->made->k; i += stride) {
        double x = mtp_axis_place(&frame->x, (double)i);

        mtp_scene_line(f->scene, MTP_MARK_TICK, MTP_NO_ROW, (mtp_point){x, y},
                       (mtp_point){x, y + TICK_LENGTH});
        mtp_scene_text(f->scene, label, MTP_NO_ROW, (mtp_point){x, y + 11.0},
                       mtp_scene_printf(f->scene, "%zu", i));
    }
}

static mtp_point place(const influence_figure *f, size_t panel, size_t study)
{
    return mtp_frame_place(&f->panel[panel], (double)study + 1.0,
                           figure_of(f, panel, study));
}

/* From study to study; broken where one has no such figure. */
static void draw_trace(const influence_figure *f, size_t panel)
{
    size_t k = f->made->k, n = 0;
    mtp_point *path = MTP_ARENA_ARRAY(f->scene->arena, k + 1, mtp_point);

    if (!path) {
        f->scene->failed = true;
        return;
    }
    for (size_t i = 0; i <= k; i++) {
        if (i < k && isfinite(figure_of(f, panel, i))) {
            path[n++] = place(f, panel, i);
        } else {
            mtp_scene_path(f->scene, MTP_MARK_TRACE, MTP_NO_ROW, n, path);
            n = 0;
        }
    }
}

static double radius_of(const influence_figure *f)
{
    return 0.7 * mtp_frame_radius(f->made->k);
}

static void draw_studies(const influence_figure *f, size_t panel)
{
    size_t k = f->made->k;
    double radius = radius_of(f);

    draw_trace(f, panel);
    for (size_t pass = 0; pass < 2; pass++) { /* those that matter come last */
        for (size_t i = 0; i < k; i++) {
            bool marked = f->made->study[i].influential;

            if (marked == (pass == 1) && (marked || k <= MOST_CIRCLES) &&
                isfinite(figure_of(f, panel, i))) {
                mtp_scene_circle(f->scene,
                                 marked ? MTP_MARK_INFLUENTIAL : MTP_MARK_STUDY, i,
                                 place(f, panel, i), marked ? 1.3 * radius : radius);
            }
        }
    }
    for (size_t i = 0; i < k; i++) {
        if (f->made->study[i].influential && isfinite(figure_of(f, panel, i))) {
            mtp_frame_label(&f->panel[panel], i, place(f, panel, i), 1.3 * radius,
                            mtp_scene_printf(f->scene, "%zu", i + 1));
        }
    }
}

static void draw_panel(const influence_figure *f, size_t panel, size_t stride)
{
    mtp_text_format title = {MTP_MARK_KEY, false, MTP_ANCHOR_START};
    const mtp_box *plot = &f->panel[panel].plot;

    mtp_scene_text(f->scene, title, MTP_NO_ROW,
                   (mtp_point){plot->left - label_width(f, panel % columns_of(f)),
                               plot->top - 7.0},
                   panel_title(f, panel));
    draw_levels(f, panel);
    mtp_scene_rect(f->scene, MTP_MARK_FRAME, MTP_NO_ROW,
                   (mtp_point){plot->left, plot->top},
                   (mtp_point){plot->right, plot->bottom});
    mtp_frame_draw_y_ticks(&f->panel[panel]);
    draw_numbers(f, panel, stride);
    draw_studies(f, panel);
}

/* Names */

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
    size_t columns = (size_t)fmax((f->width - 2.0 * MARGIN) / NAME_WIDTH, 1.0);
    size_t named, i = 0;
    double room = (f->width - 2.0 * MARGIN) / (double)columns;
    double number = mtp_text_width(mtp_scene_printf(f->scene, "%zu", f->made->k),
                                   text_size(MTP_MARK_NAME), true);
    size_t total = f->made->k <= ALL_NAMED ? f->made->k : f->n_influential, rows;

    named = total < MOST_NAMES ? total : MOST_NAMES;
    rows = (named + columns - 1) / columns;
    for (size_t n = 0; n < named; n++, i++) {
        mtp_point at = {MARGIN + (double)(n / rows) * room,
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
    mtp_frame page = {.scene = scene, .width = width};
    const char *paragraph[3];
    size_t stride;
    double y;

    set_lines(&f);
    for (size_t i = 0; i < f.made->k; i++) {
        if (f.made->study[i].influential) {
            f.n_influential++;
        }
    }
    for (size_t i = 0; i < PANELS; i++) {
        if (!choose_axis(&f, i)) {
            scene->failed = true;
            return;
        }
    }
    describe(&f);
    y = mtp_frame_paragraph(&page, title, scene->title, MARGIN, TITLE_PITCH);
    y = place_panels(&f, y + 4.0);
    stride = number_stride(&f);
    for (size_t i = 0; i < PANELS; i++) {
        draw_panel(&f, i, stride);
    }
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
