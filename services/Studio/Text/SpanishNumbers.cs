namespace Son1kVers3.Studio.Text;

/// <summary>Numbers as Spanish says them (RAE, Ortografía, 2010, VIII 2).</summary>
internal static class SpanishNumbers
{
    private static readonly string[] Small =
    [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece", "catorce",
        "quince", "dieciséis",
        "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós", "veintitrés", "veinticuatro", "veinticinco",
        "veintiséis", "veintisiete",
        "veintiocho", "veintinueve",
    ];

    private static readonly string[] Tens = ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];

    private static readonly string[] Hundreds =
        ["", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos", "ochocientos",
            "novecientos"];

    private static readonly string[] Firsts = ["", "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo",
        "noveno"];

    private static readonly string[] Tenths =
        ["", "décimo", "vigésimo", "trigésimo", "cuadragésimo", "quincuagésimo", "sexagésimo", "septuagésimo", "octogésimo", "nonagésimo"];

    // Feminine though they don't end in -a or -as, and masculine though they do.
    private static readonly HashSet<string> Feminine = new(StringComparer.Ordinal)
    {
        "noches", "noche", "veces", "vez", "mujeres", "mujer", "flores", "flor", "luces", "luz", "voces", "voz", "manos", "mano", "calles",
        "calle", "tardes", "tarde", "madres",
        "madre", "razones", "razón", "nubes", "nube", "paredes", "pared", "llaves", "llave", "torres", "torre", "cruces", "cruz", "raíces",
        "fotos", "foto", "motos", "moto",
        "canciones", "canción", "pasiones", "pasión", "ilusiones", "ilusión", "estaciones", "estación", "ciudades", "ciudad", "verdades",
        "verdad", "soledades", "mitades", "mitad",
        "edades", "edad", "sangre", "muertes", "muerte", "suertes", "suerte", "leyes", "ley", "pieles", "piel", "sales", "sal", "redes",
        "red",
    };

    private static readonly HashSet<string> Masculine = new(StringComparer.Ordinal)
    {
        "días", "día", "mapas", "mapa", "problemas", "problema", "poemas", "poema", "temas", "tema", "sistemas", "sistema", "planetas",
        "planeta", "idiomas", "idioma", "dramas",
        "drama", "fantasmas", "fantasma", "poetas", "poeta", "cometas", "cometa", "programas", "programa", "kilogramas", "gramas",
        "tranvías", "tranvía", "sofás", "papas", "pijamas",
    };

    /// <summary>Before a noun: veintiún años, veintiuna noches, quinientas noches, un millón de besos.</summary>
    /// <param name="noun">The word that follows; empty where none does.</param>
    public static string Cardinal(long number, string noun = "")
    {
        var feminine = IsFeminine(noun);
        var words = Plain(number, feminine);
        var counts = noun.Length > 0 && (feminine || noun.EndsWith('s') || number == 1);
        if (feminine)
        {
            return words.EndsWith("uno", StringComparison.Ordinal) ? words[..^1] + "a" : words;
        }

        return counts ? Shortened(words) : words;
    }

    /// <summary>1.º primero, 3.er tercer, 21.ª vigésima primera; from a hundred on the cardinal, as everybody says it.</summary>
    public static string Ordinal(long number, bool feminine, bool shortened)
    {
        if (number is < 1 or > 99)
        {
            return Cardinal(number);
        }

        var words = $"{Tenths[number / 10]} {Firsts[number % 10]}".Trim();
        return feminine ? Feminised(words) : shortened && number % 10 is 1 or 3 ? words[..^1] : words;
    }

    /// <summary>7:30 is siete y media, 3:00 tres en punto, 8:15 ocho y cuarto.</summary>
    public static string Time(int hour, int minute)
    {
        var hours = hour == 1 ? "una" : Cardinal(hour);
        return minute switch
        {
            0 => $"{hours} en punto",
            15 => $"{hours} y cuarto",
            30 => $"{hours} y media",
            _ => $"{hours} y {Cardinal(minute)}",
        };
    }

    public static string Fraction(long above, long below)
    {
        var part = below switch
        {
            2 => "medio",
            3 => "tercio",
            <= 10 => Ordinal(below, feminine: false, shortened: false),
            _ =>
            Cardinal(below) + "avo"
        };
        return above == 1 ? $"un {part}" : $"{Cardinal(above)} {part}s";
    }

    public static bool IsFeminine(string noun) =>
        !Masculine.Contains(noun)
            && (Feminine.Contains(noun) || noun.EndsWith("as", StringComparison.Ordinal)
                || noun.EndsWith("ciones", StringComparison.Ordinal)
            || noun.EndsWith("dades", StringComparison.Ordinal)
                || (noun.Length > 2 && noun.EndsWith('a') && !noun.EndsWith("ma", StringComparison.Ordinal)));

    private static string Plain(long number, bool feminine)
    {
        if (number >= 1_000_000_000_000)
        {
            return Scaled(number, 1_000_000_000_000, "un billón", "billones", feminine);
        }

        if (number >= 1_000_000)
        {
            return Scaled(number, 1_000_000, "un millón", "millones", feminine);
        }

        if (number >= 1000)
        {
            return Joined(number / 1000 == 1 ? "mil" : Shortened(Plain(number / 1000, feminine)) + " mil", number % 1000, feminine);
        }

        if (number == 100)
        {
            return "cien";
        }

        if (number > 100)
        {
            var hundred = Hundreds[number / 100];
            return Joined(feminine && number >= 200 ? hundred[..^2] + "as" : hundred, number % 100, feminine);
        }

        return number < 30 ? Small[number] : number % 10 == 0 ? Tens[number / 10] : $"{Tens[number / 10]} y {Small[number % 10]}";
    }

    private static string Scaled(long number, long scale, string one, string many, bool feminine) =>
        Joined(number / scale == 1 ? one : $"{Shortened(Plain(number / scale, feminine: false))} {many}", number % scale, feminine);

    private static string Joined(string head, long rest, bool feminine) => rest == 0 ? head : $"{head} {Plain(rest, feminine)}";

    private static string Shortened(string words) =>
        words.EndsWith("veintiuno", StringComparison.Ordinal) ? words[..^3] + "ún" : words.EndsWith("uno", StringComparison.Ordinal)
            ? words[..^1] : words;

    private static string Feminised(string words) => string.Join(' ', words.Split(' ').Select(word => word[..^1] + "a"));
}
