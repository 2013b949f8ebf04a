/* contact.c - e-mail addresses and telephone numbers as keys. */
#include "base/contact.h"

#include <string.h>

#include "base/check.h"
#include "base/fold.h"
#include "base/str.h"

enum {
    DIGITS_MIN = 6,
    DIGITS_MAX = 15,
    RAW_MAX = 32,
    LONG = 10, /* No national number that begins like its own code. */
    MAILBOX_MAX = 64,
    LABEL_MAX = 63
};

static bool is_address(str email)
{
    const char *at = memchr(email.ptr, '@', email.len);
    if (!at || at == email.ptr || at + 1 == email.ptr + email.len)
        return false;
    if (memchr(at + 1, '@', (size_t)(email.ptr + email.len - at - 1)))
        return false;
    for (size_t i = 0; i < email.len; i++)
        if ((unsigned char)email.ptr[i] <= ' ')
            return false;
    return true;
}

str email_key(struct arena *arena, str email)
{
    email = str_trim(email);
    if (email.len == 0 || email.len > LIMIT_EMAIL_BYTES)
        return STR_NONE;
    email = str_trim(str_fold(arena, email));
    return email.len > 0 && is_address(email) ? email : STR_NONE;
}

/* Letters of any script, digits, and hyphens within. */
static bool is_label(str label)
{
    bool is_fine = label.len > 0 && label.len <= LABEL_MAX &&
                   label.ptr[0] != '-' && label.ptr[label.len - 1] != '-';
    for (size_t i = 0; is_fine && i < label.len; i++) {
        unsigned char c = (unsigned char)label.ptr[i];
        is_fine = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                  (c >= 'a' && c <= 'z') || c == '-' || c >= 0x80;
    }
    return is_fine;
}

static bool is_domain(str domain)
{
    size_t labels = 0, from = 0;
    for (size_t i = 0; i <= domain.len; i++) {
        if (i < domain.len && domain.ptr[i] != '.')
            continue;
        if (!is_label((str){domain.ptr + from, i - from}))
            return false;
        from = i + 1;
        labels++;
    }
    return labels >= 2;
}

static bool is_mailbox(str local)
{
    static const char barred[] = "()<>[]\\,;:\"";
    bool is_fine = local.len <= MAILBOX_MAX && local.ptr[0] != '.' &&
                   local.ptr[local.len - 1] != '.';
    for (size_t i = 0; is_fine && i < local.len; i++) {
        char c = local.ptr[i];
        is_fine = !memchr(barred, c, sizeof barred - 1) &&
                  !(c == '.' && local.ptr[i + 1] == '.');
    }
    return is_fine;
}

bool email_is_good(str email)
{
    email = str_trim(email);
    if (email.len == 0 || email.len > LIMIT_EMAIL_BYTES ||
        !text_is_line(email) || !is_address(email))
        return false;
    const char *at = memchr(email.ptr, '@', email.len);
    size_t before = (size_t)(at - email.ptr);
    return is_mailbox((str){email.ptr, before}) &&
           is_domain((str){at + 1, email.len - before - 1});
}

/* ---- telephone: calling codes and trunk prefixes by ITU E.164 ---- */

/* `trunk` is what stands before a number dialled within the country and is
 * not part of it; empty where nothing does (Italy keeps its 0). */
struct dialing {
    char country[3], code[4], trunk[3];
};
static const struct dialing dialing[] = {
    {"AD", "376", ""  },
    {"AE", "971", "0" },
    {"AF", "93",  "0" },
    {"AL", "355", "0" },
    {"AM", "374", "0" },
    {"AO", "244", ""  },
    {"AR", "54",  "0" },
    {"AT", "43",  "0" },
    {"AU", "61",  "0" },
    {"AZ", "994", "0" },
    {"BA", "387", "0" },
    {"BD", "880", "0" },
    {"BE", "32",  "0" },
    {"BF", "226", ""  },
    {"BG", "359", "0" },
    {"BH", "973", ""  },
    {"BI", "257", ""  },
    {"BJ", "229", ""  },
    {"BN", "673", ""  },
    {"BO", "591", "0" },
    {"BR", "55",  "0" },
    {"BT", "975", ""  },
    {"BW", "267", ""  },
    {"BY", "375", "8" },
    {"BZ", "501", ""  },
    {"CA", "1",   "1" },
    {"CD", "243", "0" },
    {"CF", "236", ""  },
    {"CG", "242", ""  },
    {"CH", "41",  "0" },
    {"CI", "225", ""  },
    {"CL", "56",  ""  },
    {"CM", "237", ""  },
    {"CN", "86",  "0" },
    {"CO", "57",  ""  },
    {"CR", "506", ""  },
    {"CU", "53",  "0" },
    {"CV", "238", ""  },
    {"CY", "357", ""  },
    {"CZ", "420", ""  },
    {"DE", "49",  "0" },
    {"DJ", "253", ""  },
    {"DK", "45",  ""  },
    {"DZ", "213", "0" },
    {"EC", "593", "0" },
    {"EE", "372", ""  },
    {"EG", "20",  "0" },
    {"ER", "291", "0" },
    {"ES", "34",  ""  },
    {"ET", "251", "0" },
    {"FI", "358", "0" },
    {"FJ", "679", ""  },
    {"FO", "298", ""  },
    {"FR", "33",  "0" },
    {"GA", "241", ""  },
    {"GB", "44",  "0" },
    {"GE", "995", "0" },
    {"GG", "44",  "0" },
    {"GH", "233", "0" },
    {"GI", "350", ""  },
    {"GL", "299", ""  },
    {"GM", "220", ""  },
    {"GN", "224", ""  },
    {"GR", "30",  ""  },
    {"GT", "502", ""  },
    {"GY", "592", ""  },
    {"HK", "852", ""  },
    {"HN", "504", ""  },
    {"HR", "385", "0" },
    {"HT", "509", ""  },
    {"HU", "36",  "06"},
    {"ID", "62",  "0" },
    {"IE", "353", "0" },
    {"IL", "972", "0" },
    {"IM", "44",  "0" },
    {"IN", "91",  "0" },
    {"IQ", "964", "0" },
    {"IR", "98",  "0" },
    {"IS", "354", ""  },
    {"IT", "39",  ""  },
    {"JE", "44",  "0" },
    {"JO", "962", "0" },
    {"JP", "81",  "0" },
    {"KE", "254", "0" },
    {"KG", "996", "0" },
    {"KH", "855", "0" },
    {"KR", "82",  "0" },
    {"KW", "965", ""  },
    {"KZ", "7",   "8" },
    {"LA", "856", "0" },
    {"LB", "961", "0" },
    {"LI", "423", ""  },
    {"LK", "94",  "0" },
    {"LR", "231", "0" },
    {"LS", "266", ""  },
    {"LT", "370", "8" },
    {"LU", "352", ""  },
    {"LV", "371", ""  },
    {"LY", "218", "0" },
    {"MA", "212", "0" },
    {"MC", "377", ""  },
    {"MD", "373", "0" },
    {"ME", "382", "0" },
    {"MG", "261", "0" },
    {"MK", "389", "0" },
    {"ML", "223", ""  },
    {"MM", "95",  "0" },
    {"MN", "976", "0" },
    {"MO", "853", ""  },
    {"MR", "222", ""  },
    {"MT", "356", ""  },
    {"MU", "230", ""  },
    {"MV", "960", ""  },
    {"MW", "265", "0" },
    {"MX", "52",  ""  },
    {"MY", "60",  "0" },
    {"MZ", "258", ""  },
    {"NA", "264", "0" },
    {"NE", "227", ""  },
    {"NG", "234", "0" },
    {"NI", "505", ""  },
    {"NL", "31",  "0" },
    {"NO", "47",  ""  },
    {"NP", "977", "0" },
    {"NZ", "64",  "0" },
    {"OM", "968", ""  },
    {"PA", "507", ""  },
    {"PE", "51",  "0" },
    {"PG", "675", ""  },
    {"PH", "63",  "0" },
    {"PK", "92",  "0" },
    {"PL", "48",  ""  },
    {"PR", "1",   "1" },
    {"PS", "970", "0" },
    {"PT", "351", ""  },
    {"PY", "595", "0" },
    {"QA", "974", ""  },
    {"RE", "262", "0" },
    {"RO", "40",  "0" },
    {"RS", "381", "0" },
    {"RU", "7",   "8" },
    {"RW", "250", "0" },
    {"SA", "966", "0" },
    {"SC", "248", ""  },
    {"SD", "249", "0" },
    {"SE", "46",  "0" },
    {"SG", "65",  ""  },
    {"SI", "386", "0" },
    {"SK", "421", "0" },
    {"SL", "232", "0" },
    {"SM", "378", ""  },
    {"SN", "221", ""  },
    {"SO", "252", "0" },
    {"SR", "597", ""  },
    {"SV", "503", ""  },
    {"SY", "963", "0" },
    {"SZ", "268", ""  },
    {"TG", "228", ""  },
    {"TH", "66",  "0" },
    {"TJ", "992", ""  },
    {"TM", "993", "8" },
    {"TN", "216", ""  },
    {"TR", "90",  "0" },
    {"TW", "886", "0" },
    {"TZ", "255", "0" },
    {"UA", "380", "0" },
    {"UG", "256", "0" },
    {"US", "1",   "1" },
    {"UY", "598", "0" },
    {"UZ", "998", ""  },
    {"VA", "39",  ""  },
    {"VE", "58",  "0" },
    {"VN", "84",  "0" },
    {"XK", "383", "0" },
    {"YE", "967", "0" },
    {"ZA", "27",  "0" },
    {"ZM", "260", "0" },
    {"ZW", "263", "0" },
};

/* Digits up to an extension, which begins with a letter or '#'; without the
 * "(0)" of "+49 (0)30 …". */
static size_t take_digits(str phone, char ret[RAW_MAX])
{
    size_t len = 0;
    for (size_t i = 0; i < phone.len; i++) {
        char c = phone.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (len > 0 && (is_letter || c == '#'))
            break;
        if (len > 0 &&
            str_starts((str){phone.ptr + i, phone.len - i}, STR("(0)")))
            i += 2;
        if (c < '0' || c > '9')
            continue;
        if (len == RAW_MAX)
            return 0;
        ret[len++] = c;
    }
    return len;
}

static const struct dialing *dialing_of(str country)
{
    for (size_t i = 0; i < COUNT_OF(dialing); i++)
        if (str_equal_cstr(country, dialing[i].country))
            return &dialing[i];
    return NULL;
}

static bool begins(str digits, const char *with)
{
    return with[0] && str_starts(digits, str_from_cstr(with));
}

/* Drops what is dialled at home; says whether the country's code is there
 * already, as people leave out its plus. */
static bool is_abroad(const struct dialing *home, str *digits)
{
    if (begins(*digits, home->trunk)) {
        size_t skip = strlen(home->trunk);
        *digits = (str){digits->ptr + skip, digits->len - skip};
        return false;
    }
    return begins(*digits, home->code) && digits->len >= LONG;
}

bool phone_key(str phone, str country, char ret[PHONE_KEY_BYTES],
               size_t *ret_len)
{
    char raw[RAW_MAX];
    str digits = {raw, take_digits(phone, raw)};
    bool is_full = str_starts(str_trim(phone), STR("+"));
    const char *code = "";
    if (!is_full && begins(digits, "00")) {
        digits = (str){digits.ptr + 2, digits.len - 2};
        is_full = true;
    }
    const struct dialing *home = is_full ? NULL : dialing_of(country);
    if (home) {
        is_full = true;
        if (!is_abroad(home, &digits))
            code = home->code;
    }
    size_t len = strlen(code) + digits.len;
    if (len < DIGITS_MIN || len > DIGITS_MAX)
        return false;
    size_t at = 0;
    if (is_full)
        ret[at++] = '+';
    memcpy(ret + at, code, strlen(code));
    at += strlen(code);
    memcpy(ret + at, digits.ptr, digits.len);
    *ret_len = at + digits.len;
    ASSERT(*ret_len < PHONE_KEY_BYTES);
    return true;
}

bool phone_is_good(str phone)
{
    char key[PHONE_KEY_BYTES];
    size_t len, zeros = 0;
    if (!text_is_line(phone) || !phone_key(phone, STR_NONE, key, &len))
        return false;
    bool is_full = key[0] == '+';
    for (size_t i = is_full; i < len; i++)
        zeros += key[i] == '0';
    return zeros < len - is_full && !(is_full && key[1] == '0');
}
