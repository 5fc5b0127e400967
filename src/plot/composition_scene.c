/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a composition: a bar for the total and for each group, cut into the
 * shares of the categories. */
#include "plot/composition_figure.h"
#include "plot/forest_text.h"
#include "plot/frame.h"
#include "plot/hatch.h"

#include <math.h>
#include <string.h>

#define MARGIN      12.0
#define TITLE_PITCH 14.0
#define BAR         24.0 /* height; two lines of text fit into it */
#define GAP         7.0  /* between two bars */
#define TOTAL_GAP   6.0  /* more below the total */
#define NAME_SHARE  0.28 /* most of the page that the names of the groups take */
#define NAME_PITCH  10.2
#define NAME_SPACE  6.0
#define TICK        4.0
#define TICK_PITCH  12.0
#define AIR         1.5 /* around text within a segment */
#define SEPARABLE   2.5 /* narrower segments have no white line beside them */

typedef struct bars {
    const mtp_bundle *bundle;
    const mtp_composition *made;
    mtp_frame frame;
    double left, right; /* of the bars */
    mtp_text_lines *name;
} bars;

static double text_size(mtp_mark mark)
{
    return mtp_mark_get(mark)->text_size;
}

/* The value of an option of the analysis; NULL: not given. */
static const char *option(const mtp_bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle->n_options; i++) {
        if (strcmp(bundle->options[i].name, name) == 0) {
            return bundle->options[i].value;
        }
    }
    return NULL;
}

static const char *bar_name(const bars *b, size_t i)
{
    const mtp_composition_group *bar = mtp_composition_bar(b->made, i);

    return i == 0 ? (b->made->n_groups > 0 ? "Overall" : "All") : bar->level;
}

/* The names, broken into lines, and what room they leave to the bars. */
static void place_names(bars *b)
{
    mtp_scene *scene = b->frame.scene;
    size_t n = mtp_composition_bars(b->made);
    double most = NAME_SHARE * b->frame.width, widest = 0.0;

    b->name = MTP_ARENA_ARRAY(scene->arena, n, mtp_text_lines);
    for (size_t i = 0; b->name && i < n; i++) {
        const mtp_composition_group *bar = mtp_composition_bar(b->made, i);
        const char *total =
            mtp_scene_printf(scene, "n = %s", mtp_figure_count(scene, bar->total));

        if (!mtp_text_wrap(scene->arena, bar_name(b, i), text_size(MTP_MARK_LABEL),
                           i == 0, most, &b->name[i])) {
            scene->failed = true;
            return;
        }
        widest = fmax(widest, b->name[i].width);
        widest = fmax(widest, mtp_text_width(total, text_size(MTP_MARK_NOTE), false));
    }
    scene->failed = scene->failed || !b->name;
    b->left = MARGIN + widest + NAME_SPACE;
    b->right = b->frame.width - MARGIN - 8.0;
}

static double place(const bars *b, double share)
{
    return b->left + share * (b->right - b->left);
}

/* Text within a segment: in one line, in two, the count alone, or none. */
static bool draw_fitting(const bars *b, size_t style, mtp_box box, const char *first,
                         const char *second)
{
    mtp_scene *scene = b->frame.scene;
    mtp_text_format format = {mtp_fill_text(style), false, MTP_ANCHOR_MIDDLE};
    double size = text_size(format.mark);
    double width = fmax(mtp_text_width(first, size, false),
                        second ? mtp_text_width(second, size, false) : 0.0);
    double middle = 0.5 * (box.left + box.right), center = 0.5 * (box.top + box.bottom);
    double half = second ? size + 0.5 : 0.5 * size + 1.0;

    if (width + 2.0 * AIR > box.right - box.left) {
        return false;
    }
    if (mtp_fill_is_hatched(style)) {
        mtp_scene_rect(scene, mtp_fill_mark(style), MTP_NO_ROW,
                       (mtp_point){middle - 0.5 * width - 1.0, center - half},
                       (mtp_point){middle + 0.5 * width + 1.0, center + half});
    }
    if (second) {
        mtp_scene_text(scene, format, MTP_NO_ROW, (mtp_point){middle, center - 1.3},
                       first);
        mtp_scene_text(scene, format, MTP_NO_ROW,
                       (mtp_point){middle, center + size - 0.4}, second);
    } else {
        mtp_scene_text(scene, format, MTP_NO_ROW,
                       (mtp_point){middle, center + 0.36 * size}, first);
    }
    return true;
}

static void draw_figures(const bars *b, size_t style, mtp_box box,
                         const mtp_share *share)
{
    mtp_scene *scene = b->frame.scene;
    const char *count = mtp_figure_count(scene, share->count);
    const char *percent = mtp_scene_printf(
        scene, "%s%%", mtp_figure_number(scene, 100.0 * share->share, 1));

    if (!draw_fitting(b, style, box, mtp_scene_printf(scene, "%s (%s)", count, percent),
                      NULL) &&
        !draw_fitting(b, style, box, count, percent)) {
        (void)draw_fitting(b, style, box, count, NULL);
    }
}

static void draw_bar(const bars *b, size_t i, double top)
{
    mtp_scene *scene = b->frame.scene;
    const mtp_composition_group *bar = mtp_composition_bar(b->made, i);
    double reached = 0.0, before = 0.0;

    for (size_t c = 0; bar->total > 0.0 && c < b->made->n_categories; c++) {
        mtp_box box = {place(b, reached), top, 0.0, top + BAR};
        double width;

        reached += bar->share[c].share;
        box.right = place(b, reached);
        width = box.right - box.left;
        if (bar->share[c].count == 0.0) {
            continue;
        }
        mtp_scene_fill(scene, c, i * b->made->n_categories + c, box);
        draw_figures(b, c, box, &bar->share[c]);
        if (fmin(before, width) > SEPARABLE) {
            mtp_scene_line(scene, MTP_MARK_SHARE_RIM, MTP_NO_ROW,
                           (mtp_point){box.left, top},
                           (mtp_point){box.left, box.bottom});
        }
        before = width;
    }
    mtp_scene_rect(scene, MTP_MARK_KEY_RIM, MTP_NO_ROW, (mtp_point){b->left, top},
                   (mtp_point){b->right, top + BAR});
}

/* Name and total, on the height of the bar; returns the height of all. */
static double draw_row(const bars *b, size_t i, double top)
{
    mtp_scene *scene = b->frame.scene;
    const mtp_composition_group *bar = mtp_composition_bar(b->made, i);
    mtp_text_format name = {MTP_MARK_LABEL, i == 0, MTP_ANCHOR_START};
    mtp_text_format note = {MTP_MARK_NOTE, false, MTP_ANCHOR_START};
    double text = NAME_PITCH * (double)b->name[i].count + 10.0;
    double height = fmax(BAR, text), y = top + 0.5 * (height - text);

    for (size_t l = 0; l < b->name[i].count; l++) {
        y += NAME_PITCH;
        mtp_scene_text(scene, name, MTP_NO_ROW, (mtp_point){MARGIN, y - 1.5},
                       b->name[i].line[l]);
    }
    mtp_scene_text(
        scene, note, MTP_NO_ROW, (mtp_point){MARGIN, y + 7.8},
        mtp_scene_printf(scene, "n = %s", mtp_figure_count(scene, bar->total)));
    draw_bar(b, i, top + 0.5 * (height - BAR));
    return height;
}

static double draw_axis(const bars *b, double y)
{
    mtp_scene *scene = b->frame.scene;
    mtp_text_format label = {MTP_MARK_TICK_LABEL, false, MTP_ANCHOR_MIDDLE};
    mtp_text_format title = {MTP_MARK_AXIS_TITLE, false, MTP_ANCHOR_MIDDLE};

    mtp_scene_line(scene, MTP_MARK_AXIS, MTP_NO_ROW, (mtp_point){b->left, y},
                   (mtp_point){b->right, y});
    for (int percent = 0; percent <= 100; percent += 20) {
        double x = place(b, percent / 100.0);

        mtp_scene_line(scene, MTP_MARK_TICK, MTP_NO_ROW, (mtp_point){x, y},
                       (mtp_point){x, y + TICK});
        mtp_scene_text(scene, label, MTP_NO_ROW, (mtp_point){x, y + TICK_PITCH},
                       mtp_scene_printf(scene, "%d", percent));
    }
    mtp_scene_text(scene, title, MTP_NO_ROW,
                   (mtp_point){0.5 * (b->left + b->right), y + 2.0 * TICK_PITCH},
                   "Share (%)");
    return y + 2.0 * TICK_PITCH + 6.0;
}

static double draw_keys(const bars *b, double y)
{
    size_t n = b->made->n_categories;
    mtp_frame_key *key = MTP_ARENA_ARRAY(b->frame.scene->arena, n, mtp_frame_key);

    if (!key) {
        b->frame.scene->failed = true;
        return y;
    }
    for (size_t c = 0; c < n; c++) {
        key[c] = (mtp_frame_key){MTP_KEY_FILL, mtp_fill_mark(c), b->made->category[c]};
    }
    return mtp_frame_draw_keys(&b->frame, n, key, y);
}

/* Words */

static const char *test_words(const bars *b)
{
    const mtp_test *test = &b->made->chi_square;
    mtp_scene *scene = b->frame.scene;
    const char *exact = "";

    if (b->made->n_groups == 0 || isnan(test->statistic)) {
        return "";
    }
    if (b->made->exact.method != MTP_EXACT_NONE && !isnan(b->made->exact.p)) {
        exact = mtp_scene_printf(
            scene, "; %s %s",
            b->made->exact.method == MTP_EXACT_FULL ? "exact" : "Monte Carlo",
            mtp_figure_p(scene, b->made->exact.p));
    }
    return mtp_scene_printf(scene,
                            "Differences between the groups: chi-square = %s, df = %s, "
                            "%s%s; Cramer's V = %s.",
                            mtp_figure_number(scene, test->statistic, 2),
                            mtp_figure_count(scene, test->df),
                            mtp_figure_p(scene, test->p), exact,
                            mtp_figure_number(scene, b->made->cramers_v, 3));
}

static const char *bar_words(const bars *b)
{
    const char *repeat = b->made->n_categories > MTP_FILL_STYLES
                             ? " Fills repeat after 20 categories, which stand in the "
                               "order of the keys."
                             : "";

    return mtp_scene_printf(b->frame.scene,
                            "Within the bars: count (percent of the bar), where they "
                            "fit. Shares are crude sums.%s",
                            repeat);
}

static void describe(const bars *b)
{
    mtp_scene *scene = b->frame.scene;
    const char *category = option(b->bundle, "category");
    const char *largest = mtp_scene_printf(
        scene, "%s, %s%%", b->made->category[0],
        mtp_figure_number(scene, 100.0 * b->made->total.share[0].share, 1));

    scene->kind = "composition";
    scene->title = mtp_scene_printf(
        scene, "Shares by %s%s%s", category ? category : "category",
        b->made->n_groups > 0 && b->bundle->by ? ", in groups by " : "",
        b->made->n_groups > 0 && b->bundle->by ? b->bundle->by : "");
    scene->description = mtp_scene_printf(
        scene,
        "%s: a stacked bar of all %s%s, cut into %zu categor%s; the largest is %s. %s",
        scene->title, mtp_figure_count(scene, b->made->total.total),
        b->made->n_groups > 0
            ? mtp_scene_printf(scene, " and of each of %zu groups", b->made->n_groups)
            : "",
        b->made->n_categories, b->made->n_categories == 1 ? "y" : "ies", largest,
        test_words(b));
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    bars b = {.bundle = bundle,
              .made = bundle->composition,
              .frame = {.scene = scene, .width = width}};
    mtp_text_format bold = {MTP_MARK_TITLE, true, MTP_ANCHOR_START};
    const char *paragraph[3];
    double y;

    describe(&b);
    place_names(&b);
    if (scene->failed) {
        return;
    }
    y = mtp_frame_paragraph(&b.frame, bold, scene->title, MARGIN, TITLE_PITCH) + 6.0;
    for (size_t i = 0; i < mtp_composition_bars(b.made); i++) {
        y += draw_row(&b, i, y) + GAP +
             (i == 0 && b.made->n_groups > 0 ? TOTAL_GAP : 0.0);
    }
    y = draw_axis(&b, y - 2.0);
    y = draw_keys(&b, y);
    paragraph[0] = bar_words(&b);
    paragraph[1] = test_words(&b);
    paragraph[2] = mtp_figure_source(scene, bundle);
    mtp_frame_close(&b.frame, 3, paragraph, y);
}

mtp_scene *mtp_composition_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
