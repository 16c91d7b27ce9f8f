namespace Actors.Extraction.Rules;

/// <summary>Where people come from, how long they have been what they are, what ails them, when they are away.</summary>
internal static class LifeRules
{
    private static readonly WordSet Nationalities = new(
        """
        german french spanish italian portuguese english british scottish welsh irish danish swedish norwegian finnish dutch belgian swiss
        austrian polish czech slovak hungarian romanian bulgarian greek turkish croatian serbian slovenian bosnian albanian ukrainian
        russian lithuanian latvian estonian icelandic american canadian mexican brazilian argentinian chilean peruvian colombian cuban
        indian pakistani chinese japanese korean vietnamese thai filipino indonesian australian nigerian ghanaian kenyan ethiopian egyptian
        moroccan algerian tunisian lebanese israeli iranian
        """);

    private static readonly WordSet Leaves = new("parental maternity paternity sick annual sabbatical unpaid medical");

    private static readonly PhraseSet Details = new(
        """
        native language | mother tongue | first language | blood type | shirt size | shoe size | t-shirt size | hourly rate | daily rate
        day rate | home address | postal address | billing address | address | private address | dress size | second language
        """);

    private static readonly PhraseSet Hours = new(
        """
        day off | days off | working days | office days | lunch break | working day | home office day | home office days | shift | shifts
        """);

    private static readonly WordSet Posts = new(
        "manager boss supervisor assistant lawyer accountant dentist doctor landlord coach therapist mentor deputy agent adviser advisor");

    private static readonly PhraseSet NativeOrParent = new(
        """
        a native speaker of | a single mother of | a single father of | a single dad of | a single mum of | a father of | a mother of
        a mum of | a dad of
        """);

    private static readonly PhraseSet HaveLivedIn = new("have lived in | have been living in | have been based in");

    private static readonly WordSet Spans = new("year years months decade decades");

    private static readonly WordSet PartsOfLastYear = new("year summer spring autumn fall winter");

    public static FoundFact? Find(Clause clause)
    {
        if (!clause.IsPerson || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        return clause.IsPossessive
            ? Detail(clause) ?? HoursOff(clause) ?? Post(clause)
            : Being(clause) ?? Lasting(clause) ?? Past(clause) ?? Unspoken(clause) ?? Ailments.Find(clause);
    }

    // "My mother tongue is Czech."
    private static FoundFact? Detail(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, Details) || clause[at] != "is")
        {
            return null;
        }

        var value = at + 1;
        var isValue = clause.Word(value).IsCapital || clause[value].Any(char.IsAsciiDigit);
        return isValue ? Fact(clause, FactTypes.Identity, $"{clause.Text(clause.Body, at)}: {clause.Rest(value)}") : null;
    }

    // "My day off is Wednesday", "my shift starts at 6am".
    private static FoundFact? HoursOff(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, Hours) || clause[at] is not ("is" or "are" or "starts" or "ends"))
        {
            return null;
        }

        return clause.Has(at + 1, clause.End, i => IsDayOrTime(clause, i))
            ? Fact(clause, FactTypes.Schedule, clause.Rest(clause.Body))
            : null;
    }

    private static bool IsDayOrTime(Clause clause, int at) =>
        Recurrence.IsDay(clause[at]) || Recurrence.IsManyDays(clause[at]) || ClockTimes.MayBeTime(clause, at);

    // "My manager is Silvia Conti."
    private static FoundFact? Post(Clause clause)
    {
        var (post, name) = (clause.Body, clause.Body + 2);
        if (!Posts.Contains(clause[post]) || clause[post + 1] != "is" || !clause.Word(name).IsCapital)
        {
            return null;
        }

        return GivenNames.Contains(clause[name]) || GivenNames.IsHonorific(clause[name])
            ? Fact(clause, FactTypes.Identity, Statement(clause, post, name))
            : null;
    }

    // "I'm originally from Peru", "I'm a single dad of two".
    private static FoundFact? Being(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "am"))
        {
            return null;
        }

        var start = at;
        if (clause.Take(ref at, "originally from"))
        {
            return clause.Word(at).IsCapital ? Fact(clause, FactTypes.Identity, $"Is {Statement(clause, start, at)}") : null;
        }

        if (clause.Take(ref at, NativeOrParent))
        {
            return at < clause.End ? Fact(clause, FactTypes.Identity, $"Is {Statement(clause, start, at)}") : null;
        }

        // "I'm half Danish."
        clause.Take(ref at, "half");
        return Nationalities.Contains(clause[at]) && clause.EndsAt(at)
            ? Fact(clause, FactTypes.Identity, $"Is {clause.Text(start, at + 1)}")
            : Leave(clause, at);
    }

    // "I'm on maternity leave until March": with its end or its beginning.
    private static FoundFact? Leave(Clause clause, int at)
    {
        var isLeave = clause[at + 1] == "sabbatical" || (Leaves.Contains(clause[at + 1]) && clause[at + 2] == "leave");
        return clause[at] == "on" && isLeave && clause.Has(at, clause.End, i => clause[i] is "until" or "till" or "from")
            ? Fact(clause, FactTypes.Schedule, $"Is {clause.Rest(at)}")
            : null;
    }

    // "I've been with Bosch since 2015", "I have been a nurse for ten years".
    private static FoundFact? Lasting(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, HaveLivedIn))
        {
            return Residence(clause, at);
        }

        if (!clause.Take(ref at, "have been") || !clause.Has(at, clause.End, i => IsSince(clause, i)))
        {
            return null;
        }

        var isWithEmployer = clause[at] is "with" or "at" && clause.Word(at + 1).IsCapital;
        return isWithEmployer || Occupations.IsNear(clause, at) ? Fact(clause, FactTypes.Identity, $"Has been {clause.Rest(at)}") : null;
    }

    // "I've lived in Oslo for ten years", "I have been based in New York since 2015".
    private static FoundFact? Residence(Clause clause, int at)
    {
        if (!clause.Word(at).IsCapital || clause.Subject == ClauseSubject.Relative)
        {
            return null;
        }

        var end = Particulars.CapitalsFrom(clause, at);
        return IsSince(clause, end)
            ? new FoundFact(clause.Subject, FactTypes.Identity, $"Lives in {clause.Sentence.TextOf(at, end)}", "home")
            : null;
    }

    private static bool IsSince(Clause clause, int at) =>
        clause[at] == "since" || (clause[at] == "for" && at + 1 < clause.End && Spans.Contains(clause[clause.End - 1]));

    // "I grew up in Izmir", "I come from Izmir".
    private static FoundFact? Past(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "grew up in"))
        {
            return clause.Word(at).IsCapital ? Fact(clause, FactTypes.Identity, $"Grew up in {Statement(clause, at, at)}") : null;
        }

        if (clause.Take(ref at, "come from"))
        {
            return clause.Word(at).IsCapital ? Fact(clause, FactTypes.Identity, $"Comes from {Statement(clause, at, at)}") : null;
        }

        return Studies(clause) ?? Move(clause) ?? (clause.IsThird ? Promotion(clause) : null);
    }

    // "I studied physics at ETH."
    private static FoundFact? Studies(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "studied") || at + 2 >= clause.End)
        {
            return null;
        }

        var isPlaced = clause.Has(at + 1, clause.End, i => clause[i] is "in" or "at" && clause.Word(i + 1).IsCapital);
        return isPlaced ? Fact(clause, FactTypes.Identity, $"Studied {clause.Rest(at)}") : null;
    }

    // "I moved to Lyon in 2019", "I moved to Lyon last summer": with a year, for one moves to a tool, too.
    private static FoundFact? Move(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "moved to") || !clause.Word(at).IsCapital)
        {
            return null;
        }

        var end = Particulars.CapitalsFrom(clause, at);
        var time = clause[end + 1];
        var isInYear = clause[end] == "in" && time.Length == 4 && time.All(char.IsAsciiDigit);
        var isLastYear = clause[end] == "last" && PartsOfLastYear.Contains(time);
        return isInYear || isLastYear ? Fact(clause, FactTypes.Identity, $"Moved to {clause.Text(at, end + 2)}") : null;
    }

    // "Jana was promoted to head of sales", "Jana is now team lead".
    private static FoundFact? Promotion(Clause clause)
    {
        var at = clause.Body;
        var isPromoted = clause.Take(ref at, "was promoted to");
        if ((!isPromoted && !clause.Take(ref at, "am now")) || at >= clause.End || !Occupations.IsNear(clause, at - 1))
        {
            return null;
        }

        return Fact(clause, FactTypes.Identity, $"{(isPromoted ? "Was promoted to" : "Is now")} {clause.Rest(at)}");
    }

    // "I don't speak German."
    private static FoundFact? Unspoken(Clause clause)
    {
        var at = clause.Body;
        return clause.Take(ref at, "do not speak") && clause.Word(at).IsCapital
            ? Fact(clause, FactTypes.Identity, $"Does not speak {clause.Rest(at)}")
            : null;
    }

    // From a place on, up to the first comma behind another.
    private static string Statement(Clause clause, int from, int at) => clause.Text(from, clause.EndOfStatement(at));

    private static FoundFact Fact(Clause clause, string type, string content) =>
        new(clause.Subject, type, ThirdPerson.Capitalised(content));
}
