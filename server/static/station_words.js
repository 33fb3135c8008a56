// Numbers, times and ages as the page's reader expects them; all times are those of Shanghai.

export const language = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en";
export const texts = JSON.parse(document.getElementById("station").dataset.texts);

const clock = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit",
});
const ages = new Intl.RelativeTimeFormat(language, { numeric: "always", style: "short" });

/** "2026-05-31 08:05". */
export const dateAndTime = (moment) => clock.format(moment);

/** "08:05" of today, else "05-30 08:05". */
export function shortTime(moment) {
  const text = dateAndTime(moment);
  return text.slice(0, 10) === dateAndTime(new Date()).slice(0, 10) ? text.slice(11) : text.slice(5);
}

/** A number with so many decimals; a dash for none. */
export function number(value, decimals) {
  if (value === null || value === undefined) return "–";
  const rounded = Number(value.toFixed(decimals)) + 0;
  return rounded.toLocaleString("en", {
    minimumFractionDigits: decimals, maximumFractionDigits: decimals,
  });
}

/** "3 minutes ago". */
export function age(moment) {
  const seconds = Math.round((Date.now() - moment.getTime()) / 1000);
  if (seconds < 10) return texts.just_now;
  if (seconds < 60) return ages.format(-seconds, "second");
  if (seconds < 3600) return ages.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 172800) return ages.format(-Math.floor(seconds / 3600), "hour");
  return ages.format(-Math.floor(seconds / 86400), "day");
}

/** The text with %(name)s filled in. */
export function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}
