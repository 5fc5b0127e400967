/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/number.h"
#include "core/power_of_five.h"
#include "support/c_number.h"
#include "support/test.h"

#include <stdlib.h>

/*
 * Numbers are read as strtod reads them, to the bit. METAPOOL_NUMBERS=N sets how many
 * random ones are tried of each kind; without it a few that take a second.
 */

/* Inputs that are hard to round. Values: Python's fractions, rounded to even by whole
 * numbers. */
/* Paxson (1991), A program for testing IEEE decimal-binary conversion, tables 3 and 4
 */
static const struct {
    const char *text;
    double value;
} paxson[] = {
    {"5e125", 0x1.7a2ecc414a03fp+417},
    {"69e267", 0x1.0b7cb60c994dap+893},
    {"999e-26", 0x1.82782afe1869ep-77},
    {"7861e-34", 0x1.fe3544145e9d8p-101},
    {"75569e-254", 0x1.5a462d91c6ab3p-828},
    {"928609e-261", 0x1.be2dd66200befp-848},
    {"9210917e80", 0x1.da232347e6032p+288},
    {"84863171e114", 0x1.06e98f5ec8f37p+405},
    {"653777767e273", 0x1.20223f2b3a881p+936},
    {"5232604057e-298", 0x1.465b896c24520p-958},
    {"27235667517e-109", 0x1.7d41824d64fb2p-328},
    {"653532977297e-123", 0x1.925a0aabcdc68p-370},
    {"3142213164987e-294", 0x1.d3409dfbca26fp-936},
    {"46202199371337e-72", 0x1.28f9edfbd341fp-194},
    {"231010996856685e-73", 0x1.28f9edfbd341fp-195},
    {"9324754620109615e212", 0x1.3ae60753af6cap+757},
    {"78459735791271921e49", 0x1.dcd0089c1314ep+218},
    {"272104041512242479e200", 0x1.3bbb4bf05f087p+722},
    {"6802601037806061975e198", 0x1.3bbb4bf05f087p+720},
    {"20505426358836677347e-221", 0x1.012954b6aabbap-670},
    {"836168422905420598437e-234", 0x1.20403a628a9cap-708},
    {"4891559871276714924261e222", 0x1.6ecaf7694a3c7p+809},
    {"9e-265", 0x1.d05244fe5066ap-878},
    {"85e-37", 0x1.698ccdc60015ap-117},
    {"623e100", 0x1.640a62f3a83dfp+341},
    {"3571e263", 0x1.62644c61d41aap+885},
    {"81661e153", 0x1.7ca8e3d68578ep+524},
    {"920657e-23", 0x1.53a9985dbde6cp-57},
    {"4603285e-24", 0x1.53a9985dbde6cp-58},
    {"87575437e-309", 0x1.e07320602056cp-1001},
    {"245540327e122", 0x1.1b6231e18c5cbp+433},
    {"6138508175e120", 0x1.1b6231e18c5cbp+431},
    {"83356057653e193", 0x1.544e6daee2a18p+677},
    {"619534293513e124", 0x1.10c20303fe0f1p+451},
    {"2335141086879e218", 0x1.340a1c932c1eep+765},
    {"36167929443327e-159", 0x1.ce77c2b3328fcp-484},
    {"609610927149051e-255", 0x1.04273b18918b1p-798},
    {"3743626360493413e-165", 0x1.8823a57adbef9p-497},
    {"94080055902682397e-242", 0x1.64981e39e66cap-748},
    {"899810892172646163e283", 0x1.adf51fa055e03p+999},
    {"7120190517612959703e120", 0x1.3220dcd5899fdp+461},
    {"25188282901709339043e-252", 0x1.4059af3db2a84p-773},
    {"308984926168550152811e-52", 0x1.40de48676653bp-105},
    {"6372891218502368041059e64", 0x1.067047dbb38fep+285},
};

/* Published slips of other readers, ties, and what is just beside them */
static const struct {
    const char *text;
    double value;
} hard[] = {
    {"2.2250738585072011e-308", 0x0.fffffffffffffp-1022},
    {"2.2250738585072012e-308", 0x1.0000000000000p-1022},
    {"2.2250738585072014e-308", 0x1.0000000000000p-1022},
    {"6.631236846766476e-316", 0x0.0000008000000p-1022},
    {"3.2378839133029012895883524125015321748630094231865e-319",
     0x0.000000000ffffp-1022},
    {"0.500000000000000166533453693773481063544750213623046875", 0x1.0000000000002p-1},
    {"3.518437208883201171875e13", 0x1.0000000000002p+45},
    {"62.5364939768271845828", 0x1.f44abd5aa7ca4p+5},
    {"8.10109172351e-10", 0x1.bd5cbaef0fd0cp-31},
    {"1.50000000000000011102230246251565", 0x1.8000000000000p+0},
    {"9007199254740991.4999999999999999999999999999999995", 0x1.fffffffffffffp+52},
    {"9007199254740993", 0x1.0000000000000p+53},
    {"9007199254740993.0", 0x1.0000000000000p+53},
    {"9007199254740993.00000000000000000000000000000000000000000000000000000001",
     0x1.0000000000001p+53},
    {"9007199254740995", 0x1.0000000000002p+53},
    {"9007199254740992.9999999999999999999999999999999999999999",
     0x1.0000000000000p+53},
    {"1.00000000000000011102230246251565404236316680908203124", 0x1.0000000000000p+0},
    {"1.00000000000000011102230246251565404236316680908203125", 0x1.0000000000000p+0},
    {"1.00000000000000011102230246251565404236316680908203126", 0x1.0000000000001p+0},
    {"6929495644600919.5", 0x1.89e56ee5e7a58p+52},
    {"3.70000000000000000000000000000000000000000000000000001", 0x1.d99999999999ap+1},
    {"1.7976931348623157e308", 0x1.fffffffffffffp+1023},
    {"179769313486231580793e288", 0x1.fffffffffffffp+1023},
    {"4.9406564584124654e-324", 0x0.0000000000001p-1022},
    {"2.4703282292062327208e-324", 0.0},
    {"2.4703282292062328e-324", 0x0.0000000000001p-1022},
    {"7."
     "410984687618698162648531893023320585475897039214871466383785237510132609053131277"
     "979497545424539885696948470431685765963899850655339096945981621940161728171894510"
     "697854671067917687257517734731555330779540854980960845750095811137303474765809687"
     "100959097544227100475730780971111893578483867565399878350301522805593404659373979"
     "179073872386829939581848166016912201945649993128979841136206248449867871357218035"
     "220901702390328579173252022052897402080290685402160661237554998340267130003581248"
     "647904138574340187552090159017259254714629617513415977493871857473787096164563890"
     "871811984127167305601704549300470526959016576377688490826798697257336652176556794"
     "107250876433756084600398490497214911746308553955635418864151316847843631308023759"
     "6295773983001708984375e-324",
     0x0.0000000000002p-1022},
    {"0.000000000000000000000000000000000000000000000000000001e54",
     0x1.0000000000000p+0},
    {"18446744073709551615", 0x1.0000000000000p+64},
    {"18446744073709551616", 0x1.0000000000000p+64},
    {"9223372036854775808.5", 0x1.0000000000000p+63},
    {"1e23", 0x1.52d02c7e14af6p+76},
    {"8.41e21", 0x1.c7e83209e90b2p+72},
    {"9.5367431640625e-7", 0x1.0000000000000p-20},
};

static uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static void assert_reads(const char *text, double want)
{
    double got = (double)NAN;
    mtp_number_status status = mtp_number_parse(text, strlen(text), &got);

    if (bits_of(got) != bits_of(want) ||
        status != (isinf(want) ? MTP_NUMBER_OVERFLOW : MTP_NUMBER_OK)) {
        fail_msg("%s is read as %a (status %d), not %a", text, got, (int)status, want);
    }
}

/* xorshift: Marsaglia (2003), doi:10.18637/jss.v008.i14 */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static double random_double(uint64_t *state)
{
    double x;

    do {
        x = from_bits(next_random(state));
    } while (!isfinite(x));
    return x;
}

static int inputs(void)
{
    const char *number = getenv("METAPOOL_NUMBERS");

    return number ? atoi(number) : 50000;
}

static void hard_cases_are_rounded_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof paxson / sizeof paxson[0]; i++) {
        assert_reads(paxson[i].text, paxson[i].value);
    }
    for (size_t i = 0; i < sizeof hard / sizeof hard[0]; i++) {
        assert_reads(hard[i].text, hard[i].value);
    }
}

static void ends_of_the_range(void **state)
{
    (void)state;
    assert_reads("1.7976931348623158e308", DBL_MAX);
    assert_reads("1.7976931348623159e308", (double)INFINITY);
    assert_reads("-1.7976931348623159e308", -(double)INFINITY);
    assert_reads("1e309", (double)INFINITY);
    assert_reads("1e99999999999999999999", (double)INFINITY);
    assert_reads("1e-99999999999999999999", 0.0);
    assert_reads("-1e-99999999999999999999", -0.0);
    assert_reads("0e99999999999999999999", 0.0);
    assert_reads("-0", -0.0);
    assert_reads("2.4703282292062327e-324", 0.0);
    assert_reads("2.4703282292062328e-324", 0x1p-1074);
    assert_reads("99999999999999999999e-343", 0x1p-1073); /* 1e-323 */
}

/* Zeros without end, where the exponent takes back what the digits say. */
static void long_zeros(void **state)
{
    enum { ZEROS = 300000 };
    char *text = malloc(ZEROS + 32);

    (void)state;
    assert_non_null(text);
    memset(text, '0', ZEROS);
    text[1] = '.';
    (void)strcpy(text + ZEROS, "125e300000"); /* 2 - ZEROS - 3 + 300000 */
    assert_reads(text, 12.5);
    text[0] = '1';
    memset(text + 1, '0', ZEROS);
    (void)strcpy(text + ZEROS, "1e-299999");
    assert_reads(text, 10.0);
    free(text);
}

/* A whole number as decimal digits, lowest first. */
typedef struct big {
    unsigned char digit[1200];
    int n;
} big;

static void big_multiply(big *x, unsigned by)
{
    unsigned carry = 0;

    for (int i = 0; i < x->n || carry > 0; i++) {
        carry += i < x->n ? by * x->digit[i] : 0;
        x->digit[i] = (unsigned char)(carry % 10);
        carry /= 10;
        x->n = i < x->n ? x->n : i + 1;
    }
}

/* The point halfway between the double of `bits` and the next: all its digits. */
static void print_halfway(uint64_t bits, const char *after, char *text, size_t size)
{
    uint64_t c = bits & (((uint64_t)1 << 52) - 1);
    int biased = (int)(bits >> 52), power = 0;
    big x = {{0}, 0};
    char *to = text;

    if (biased > 0) {
        c += (uint64_t)1 << 52;
    }
    for (c = 2 * c + 1; c > 0; c /= 10) {
        x.digit[x.n++] = (unsigned char)(c % 10);
    }
    for (int q = (biased > 0 ? biased : 1) - 1076; q > 0; q--) {
        big_multiply(&x, 2);
    }
    for (int q = (biased > 0 ? biased : 1) - 1076; q < 0; q++, power--) {
        big_multiply(&x, 5);
    }
    for (int i = x.n; i-- > 0;) {
        *to++ = (char)('0' + x.digit[i]);
    }
    (void)snprintf(to, size - (size_t)(to - text), ".%se%d", after, power);
}

/* One less in the last place of the whole number that ends here. */
static void subtract_one(char *end)
{
    while (*--end == '0') {
        *end = '9';
    }
    (*end)--;
}

/* Exact ties go to the even neighbour, and a last digit a thousand places on decides.
 */
static void halfway_points(void **state)
{
    uint64_t seed = 362436069362436069U;
    char text[1400];
    int n = inputs() / 100;

    (void)state;
    for (int i = 0; i < n; i++) {
        uint64_t bits = bits_of(fabs(random_double(&seed)));

        if (i % 4 == 0) {
            bits &= ((uint64_t)1 << 52) - 1; /* a subnormal */
        } else if (i % 4 == 1) {
            bits = (bits & (((uint64_t)1 << 52) - 1)) +
                   ((uint64_t)(1023 - 20 + i % 80) << 52); /* a plain number */
        }
        if (bits == bits_of(DBL_MAX)) {
            continue;
        }
        print_halfway(bits, "", text, sizeof text);
        assert_reads(text, from_bits(bits + bits % 2));
        print_halfway(bits, "000000000000000000000000000001", text, sizeof text);
        assert_reads(text, from_bits(bits + 1));
        print_halfway(bits, "", text, sizeof text);
        subtract_one(strchr(text, '.'));
        assert_reads(text, from_bits(bits));
    }
}

/* One to thirty digits with a point somewhere and an exponent from all of the range. */
static void random_text(uint64_t *seed, char text[64])
{
    uint64_t choice = next_random(seed);
    int n = 1 + (int)(choice % 30), point = (int)(choice >> 8) % (n + 1);
    char *to = text;

    for (int i = 0; i < n; i++) {
        if (i == point) {
            *to++ = '.';
        }
        *to++ = (char)('0' + (next_random(seed) >> 20) % 10);
    }
    (void)snprintf(to, 16, "e%d", (int)((choice >> 32) % 700) - 350);
}

static void random_inputs_are_read_like_strtod(void **state)
{
    uint64_t seed = 88172645463325252U;
    int n = inputs();
    char text[64];

    (void)state;
    for (int i = 0; i < n; i++) {
        double x = random_double(&seed), cell;

        random_text(&seed, text);
        assert_reads(text, c_strtod(text, NULL));
        c_print_g(text, sizeof text, 15 + i % 7, x); /* near a double */
        assert_reads(text, c_strtod(text, NULL));
        cell = (double)(int64_t)(next_random(&seed) >> (4 + i % 56));
        c_print_g(text, sizeof text, 1 + i % 19, cell / (i % 3 == 0 ? 1000.0 : 7.0));
        assert_reads(text, c_strtod(text, NULL));
    }
}

/* printf's %g with 15, 16 or 17 digits, the first that reads back: what is shortest for
 * every double but powers of two. */
static void print_by_trial(double x, char text[MTP_NUMBER_TEXT])
{
    for (int digits = fabs(x) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        c_print_g(text, MTP_NUMBER_TEXT, digits, x);
        if (c_strtod(text, NULL) == x) {
            return;
        }
    }
}

static void random_numbers_are_printed_by_rule(void **state)
{
    uint64_t seed = 521288629521288629U;
    int n = inputs();

    (void)state;
    for (int i = 0; i < n; i++) {
        char got[MTP_NUMBER_TEXT], want[MTP_NUMBER_TEXT];
        double x = random_double(&seed);

        x = i % 4 == 0   ? from_bits(bits_of(x) >> (12 + i % 40)) /* subnormal */
            : i % 4 == 1 ? (double)(bits_of(x) >> (i % 60))
            : i % 4 == 2 ? (double)(bits_of(x) >> (i % 60)) / 1000.0
                         : x;
        if (bits_of(x) << 12 == 0) {
            continue; /* powers of two: below */
        }
        mtp_number_format(x, got);
        print_by_trial(x, want);
        assert_string_equal(got, want);
    }
}

/* The digits of d.ddde-5 as a whole number; `exponent` is that of the last digit. */
static long long digits_of(const char *text, int *exponent)
{
    long long digits = 0;
    bool fraction = false;

    for (*exponent = 0; *text && *text != 'e'; text++) {
        if (*text == '.') {
            fraction = true;
        } else {
            digits = 10 * digits + (*text - '0');
            *exponent -= fraction;
        }
    }
    *exponent += *text ? atoi(text + 1) : 0;
    for (; digits != 0 && digits % 10 == 0; digits /= 10) {
        ++*exponent;
    }
    return digits;
}

static bool reads_back(long long digits, int exponent, double x)
{
    char text[48];

    (void)snprintf(text, sizeof text, "%llde%d", digits, exponent);
    return c_strtod(text, NULL) == x;
}

/* No decimal with one digit less reads back; a power of ten has none. */
static void all_powers_of_two_are_shortest(void **state)
{
    (void)state;
    for (int power = -1074; power <= 1023; power++) {
        char text[MTP_NUMBER_TEXT];
        double x = ldexp(1.0, power);
        int exponent;
        long long digits;

        mtp_number_format(x, text);
        assert_true(c_strtod(text, NULL) == x);
        digits = digits_of(text, &exponent);
        if (digits >= 10) {
            assert_false(reads_back(digits / 10, exponent + 1, x));
            assert_false(reads_back(digits / 10 + 1, exponent + 1, x));
        }
    }
}

static void known_texts(void **state)
{
    /* Python's repr, which is shortest and nearest, in printf's notation */
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0x1p-44, "5.684341886080802e-14"}, /* %.16g: ...801 */
        {0x1p-1022, "2.2250738585072014e-308"},
        {0x1p-1074, "5e-324"},
        {0x1p-1073, "1e-323"},
        {0x3p-1074, "1.5e-323"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {9007199254740993.0, "9007199254740992"},
        {1e23, "1e+23"},
        {9.5e-05, "9.5e-05"},
        {0.0001, "0.0001"},
        {100000.0, "100000"},
        {1e14, "100000000000000"},
        {1e15, "1e+15"},
        {123456789012345.0, "123456789012345"},
        {1234567890123456.0, "1234567890123456"},
        {12345678901234568.0, "12345678901234568"},
        {-0.1, "-0.1"},
        {-0.0, "-0"},
        {(double)INFINITY, "inf"},
        {-(double)INFINITY, "-inf"},
        {(double)NAN, "nan"},
    };
    char text[MTP_NUMBER_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_number_format(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
    }
}

/* The table by its definition: the leading 128 bits of 5^q, or of 2^e / 5^-q. */
static void powers_of_five(void **state)
{
    enum { WORDS = 60 }; /* of 32 bits, lowest first; 5^342 has 795 bits */
    uint32_t x[WORDS];

    (void)state;
    for (int q = MTP_POWER_MIN; q <= MTP_POWER_MAX; q++) {
        mtp_power got = mtp_five_to(q);
        int top = 32 * WORDS - 1;
        uint64_t word[2] = {0, 0};

        /* 1 times 5 times 5..., or 2^1888 / 5 / 5... */
        memset(x, 0, sizeof x);
        x[q < 0 ? WORDS - 1 : 0] = 1;
        for (int i = 0; i < q; i++) {
            uint64_t carry = 0;

            for (int j = 0; j < WORDS; j++) {
                carry += (uint64_t)x[j] * 5;
                x[j] = (uint32_t)carry;
                carry >>= 32;
            }
        }
        for (int i = 0; i > q; i--) { /* floor of floor is floor of the quotient */
            uint64_t rest = 0;

            for (int j = WORDS; j-- > 0;) {
                rest = rest << 32 | x[j];
                x[j] = (uint32_t)(rest / 5);
                rest %= 5;
            }
        }
        while (!(x[top / 32] >> (top % 32) & 1)) {
            top--;
        }
        for (int i = 0; i < 128; i++) {
            int at = top - i;
            uint64_t bit = at >= 0 ? x[at / 32] >> (at % 32) & 1 : 0;

            word[i / 64] = word[i / 64] << 1 | bit;
        }
        assert_true(got.high == word[0] && got.low == word[1]);
        /* floor(log2(10^q)) = floor(log2(5^q)) + q */
        assert_int_equal(mtp_log2_of_ten(q), top - (q < 0 ? 32 * (WORDS - 1) : 0) + q);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_cases_are_rounded_right),
        cmocka_unit_test(ends_of_the_range),
        cmocka_unit_test(long_zeros),
        cmocka_unit_test(halfway_points),
        cmocka_unit_test(random_inputs_are_read_like_strtod),
        cmocka_unit_test(random_numbers_are_printed_by_rule),
        cmocka_unit_test(all_powers_of_two_are_shortest),
        cmocka_unit_test(known_texts),
        cmocka_unit_test(powers_of_five),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
