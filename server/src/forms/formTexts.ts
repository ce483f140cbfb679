// What a form says by itself, in the languages of AuraOS. What its author wrote stays as it was written.
export type FormLanguage = "en" | "ar";

const en = {
  submit: "Send",
  next: "Next",
  back: "Back",
  step: (at: number, of: number) => `Step ${at} of ${of}`,
  optional: "optional",
  choose: "Choose …",
  thanksTitle: "Thank you",
  thanksText: "What you sent has arrived and is being worked on. You can close this page.",
  again: "Fill in once more",
  problems: (count: number) =>
    count === 1 ? "One field needs your attention." : `${count} fields need your attention.`,
  required: "Please fill this in.",
  checked: "Please tick this to go on.",
  email: "Please enter an e-mail address, such as ada@example.com.",
  url: "Please enter an address that begins with https://.",
  phone: "Please enter a phone number: digits, spaces and + only.",
  number: "Please enter a number.",
  least: (min: number) => `Please enter ${min} or more.`,
  most: (max: number) => `Please enter ${max} or less.`,
  shortest: (min: number) => `Please write at least ${min} characters.`,
  longest: (max: number) => `Please write at most ${max} characters.`,
  date: "Please enter a date.",
  time: "Please enter a time.",
  option: "Please choose one of these.",
  type: "A file of this kind cannot be sent here.",
  files: "Files have to be chosen again.",
  unknownTitle: "There is no such form",
  unknownText: "Check the address. Perhaps the form is no longer open.",
  closedTitle: "This form is closed",
  closedText: "It was answered already, or its time is over. Nothing is left for you to do.",
  failedTitle: "This did not work",
  failedText: "What you entered was not sent. Please go back and try again in a moment.",
};

const ar: typeof en = {
  submit: "إرسال",
  next: "التالي",
  back: "السابق",
  step: (at, of) => `الخطوة ${at} من ${of}`,
  optional: "اختياري",
  choose: "اختر …",
  thanksTitle: "شكرًا لك",
  thanksText: "وصل ما أرسلته ويجري العمل عليه. يمكنك إغلاق هذه الصفحة.",
  again: "تعبئة مرة أخرى",
  problems: (count) =>
    count === 1 ? "حقل واحد يحتاج إلى انتباهك." : `عدد الحقول التي تحتاج إلى انتباهك: ${count}.`,
  required: "يرجى تعبئة هذا الحقل.",
  checked: "يرجى التأشير هنا للمتابعة.",
  email: "يرجى إدخال عنوان بريد إلكتروني، مثل ada@example.com.",
  url: "يرجى إدخال عنوان يبدأ بـ https://.",
  phone: "يرجى إدخال رقم هاتف: أرقام ومسافات وعلامة + فقط.",
  number: "يرجى إدخال رقم.",
  least: (min) => `يرجى إدخال ${min} أو أكثر.`,
  most: (max) => `يرجى إدخال ${max} أو أقل.`,
  shortest: (min) => `يرجى كتابة ${min} أحرف على الأقل.`,
  longest: (max) => `يرجى كتابة ${max} حرفًا على الأكثر.`,
  date: "يرجى إدخال تاريخ.",
  time: "يرجى إدخال وقت.",
  option: "يرجى اختيار أحد هذه الخيارات.",
  type: "لا يمكن إرسال ملف من هذا النوع هنا.",
  files: "يجب اختيار الملفات من جديد.",
  unknownTitle: "لا يوجد نموذج كهذا",
  unknownText: "تحقق من العنوان. ربما لم يعد النموذج متاحًا.",
  closedTitle: "هذا النموذج مغلق",
  closedText: "سبق أن أُجيب عنه أو انتهت مدته. لم يبقَ شيء عليك فعله.",
  failedTitle: "لم ينجح ذلك",
  failedText: "لم يُرسل ما أدخلته. يرجى الرجوع والمحاولة بعد قليل.",
};

export type FormTexts = typeof en;

export function formTexts(language: FormLanguage): FormTexts {
  return language === "ar" ? ar : en;
}

/** What the browser asks for first, of what there is. */
export function languageOf(
  asked: "auto" | "en" | "ar" | undefined,
  acceptLanguage: string | undefined,
): FormLanguage {
  if (asked === "en" || asked === "ar") return asked;
  for (const part of (acceptLanguage ?? "").split(",")) {
    const [name = ""] = part.trim().toLowerCase().split(/[-;]/);
    if (name === "ar" || name === "en") return name;
  }
  return "en";
}
