namespace Actors.Extraction.Rules;

/// <summary>Where people come from, how long they have been what they are, what ails them, when they are away.</summary>
internal static class LifeRules
{
    private static readonly WordSet Nationalities = new(
        """
        german french spanish italian portuguese english british scottish welsh irish danish swedish norwegian finnish dutch belgian swiss austrian polish czech slovak hungarian romanian bulgarian
        greek turkish croatian serbian slovenian bosnian albanian ukrainian russian lithuanian latvian estonian icelandic american canadian mexican brazilian argentinian chilean peruvian colombian
        cuban indian pakistani chinese japanese korean vietnamese thai filipino indonesian australian nigerian ghanaian kenyan ethiopian egyptian moroccan algerian tunisian lebanese israeli iranian
        """);

    private static readonly WordSet Ailments = new("asthma diabetes epilepsy adhd dyslexia tinnitus migraines migraine arthritis vertigo claustrophobia psoriasis disease insomnia scoliosis");

    private static readonly WordSet Sick = new("seasick carsick airsick migraines");

    private static readonly WordSet Leaves = new("parental maternity paternity sick annual sabbatical unpaid medical");

    private static readonly PhraseSet Named = new(
        """
        native language | mother tongue | first language | blood type | shirt size | shoe size | t-shirt size | hourly rate | daily rate | day rate | home address | postal address | billing address | address
        private address | dress size | second language
        """);

    private static readonly PhraseSet Times = new("day off | days off | working days | office days | lunch break | working day | home office day | home office days | shift | shifts");

    private static readonly WordSet Posts = new("manager boss supervisor assistant lawyer accountant dentist doctor landlord coach therapist mentor deputy agent adviser advisor");

    public static FoundFact? Find(Clause clause)
    {
        if (!clause.IsPerson || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        return clause.IsPossessive ? Possessed(clause) : Being(clause) ?? Lasting(clause) ?? Past(clause) ?? Having(clause);
    }

    // "My mother tongue is Czech", "my day off is Wednesday", "my manager is Silvia Conti".
    private static FoundFact? Possessed(Clause clause)
    {
        var (words, at) = (clause.Sentence.Words, clause.Body);
        var named = Named.LengthAt(words, at, clause.End);
        if (named > 0 && clause[at + named] == "is" && at + named + 1 < clause.End)
        {
            var value = at + named + 1;
            var isValue = clause.Word(value).IsCapital || clause[value].Any(char.IsAsciiDigit);
            return isValue ? Fact(clause, FactTypes.Identity, $"{clause.Text(at, at + named)}: {clause.Rest(value)}") : null;
        }

        var time = Times.LengthAt(words, at, clause.End);
        if (time > 0 && clause[at + time] is "is" or "are" or "starts" or "ends")
        {
            var from = at + time + 1;
            var isTime = Enumerable.Range(from, Math.Max(0, clause.End - from)).Any(i => Recurrence.IsDay(clause[i]) || Recurrence.IsManyDays(clause[i]) || ClockTimes.MayBeTime(clause, i));
            return isTime ? Fact(clause, FactTypes.Schedule, clause.Rest(at)) : null;
        }

        return Posts.Contains(clause[at]) && clause[at + 1] == "is" && clause.Word(at + 2).IsCapital && (GivenNames.Contains(clause[at + 2]) || GivenNames.IsHonorific(clause[at + 2]))
            ? Fact(clause, FactTypes.Identity, clause.Text(at, clause.EndOfStatement(at + 2)))
            : null;
    }

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
            return clause.Word(at).IsCapital ? Fact(clause, FactTypes.Identity, $"Is {clause.Text(start, clause.EndOfStatement(at))}") : null;
        }

        if (clause.Take(ref at, "a native speaker of") || clause.Take(ref at, "a single mother of") || clause.Take(ref at, "a single father of") || clause.Take(ref at, "a single dad of")
            || clause.Take(ref at, "a single mum of") || clause.Take(ref at, "a father of") || clause.Take(ref at, "a mother of") || clause.Take(ref at, "a mum of") || clause.Take(ref at, "a dad of"))
        {
            return at < clause.End ? Fact(clause, FactTypes.Identity, $"Is {clause.Text(start, clause.EndOfStatement(at))}") : null;
        }

        clause.Take(ref at, "half");
        if (Nationalities.Contains(clause[at]) && (at + 1 == clause.End || clause.Word(at).Break != '\0'))
        {
            return Fact(clause, FactTypes.Identity, $"Is {clause.Text(start, at + 1)}");
        }

        // "On maternity leave until March."
        var isLeave = clause[at] == "on" && ((Leaves.Contains(clause[at + 1]) && clause[at + 2] == "leave") || clause[at + 1] == "sabbatical");
        return isLeave && Enumerable.Range(at, clause.End - at).Any(i => clause[i] is "until" or "till" or "from") ? Fact(clause, FactTypes.Schedule, $"Is {clause.Rest(at)}") : null;
    }

    // "I've lived in Oslo for ten years", "I've been with Bosch since 2015".
    private static FoundFact? Lasting(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "have lived in") || clause.Take(ref at, "have been living in") || clause.Take(ref at, "have been based in"))
        {
            return clause.Word(at).IsCapital && (IsSince(clause, at + 1) || IsSince(clause, at + 2)) && clause.Subject != ClauseSubject.Relative
                ? new FoundFact(clause.Subject, FactTypes.Identity, $"Lives in {clause.Sentence.TextOf(at, IsSince(clause, at + 1) ? at + 1 : at + 2)}", "home")
                : null;
        }

        if (!clause.Take(ref at, "have been"))
        {
            return null;
        }

        var lasts = Enumerable.Range(at, clause.End - at).Any(i => IsSince(clause, i));
        return lasts && ((clause[at] is "with" or "at" && clause.Word(at + 1).IsCapital) || WorkRules.IsOccupation(clause, at)) ? Fact(clause, FactTypes.Identity, $"Has been {clause.Rest(at)}") : null;
    }

    private static bool IsSince(Clause clause, int at) => clause[at] == "since" || (clause[at] == "for" && at + 2 < clause.End + 1 && clause[clause.End - 1] is "years" or "months" or "decades" or "year" or "decade");

    private static FoundFact? Past(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "grew up in") || clause.Take(ref at, "come from"))
        {
            return clause.Word(at).IsCapital ? Fact(clause, FactTypes.Identity, $"{(clause[at - 1] == "from" ? "Comes from" : "Grew up in")} {clause.Text(at, clause.EndOfStatement(at))}") : null;
        }

        if (clause.Take(ref at, "studied"))
        {
            return at + 2 < clause.End && Enumerable.Range(at + 1, clause.End - at - 1).Any(i => clause[i] is "in" or "at" && clause.Word(i + 1).IsCapital) ? Fact(clause, FactTypes.Identity, $"Studied {clause.Rest(at)}") : null;
        }

        // With a year: one moves to a tool, too.
        if (clause.Take(ref at, "moved to") || (clause.Subject == ClauseSubject.Other && clause.Take(ref at, "moved to")))
        {
            var isDated = (clause[at + 1] == "in" && clause[at + 2].Length == 4 && clause[at + 2].All(char.IsAsciiDigit)) || (clause[at + 1] == "last" && clause[at + 2] is "year" or "summer" or "spring" or "autumn" or "fall" or "winter");
            return isDated && clause.Word(at).IsCapital ? Fact(clause, FactTypes.Identity, $"Moved to {clause.Text(at, at + 3)}") : null;
        }

        return clause.IsThird && (clause.Take(ref at, "was promoted to") || clause.Take(ref at, "am now")) && at < clause.End && WorkRules.IsOccupation(clause, at - 1)
            ? Fact(clause, FactTypes.Identity, $"{(clause[at - 1] == "now" ? "Is now" : "Was promoted to")} {clause.Rest(at)}")
            : null;
    }

    private static FoundFact? Having(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "have") || clause.Take(ref at, "suffer from"))
        {
            var verb = clause[at - 1] == "from" ? "Suffers from" : "Has";
            clause.Take(ref at, "got");
            return Enumerable.Range(at, Math.Min(3, clause.End - at)).Any(i => Ailments.Contains(clause[i]) && (i + 1 == clause.End || clause.Word(i).Break != '\0')) && clause[at] != "no"
                ? Fact(clause, FactTypes.Constraint, $"{verb} {clause.Text(at, clause.EndOfStatement(at))}")
                : null;
        }

        if (clause.Take(ref at, "get"))
        {
            return Sick.Contains(clause[at]) || (clause[at] == "motion" && clause[at + 1] == "sickness") ? Fact(clause, FactTypes.Constraint, $"Gets {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "do not speak"))
        {
            return clause.Word(at).IsCapital ? Fact(clause, FactTypes.Identity, $"Does not speak {clause.Rest(at)}") : null;
        }

        return clause.Take(ref at, "use a wheelchair") || clause.Take(ref at, "use a screen reader") || clause.Take(ref at, "use a hearing aid") || clause.Take(ref at, "wear glasses") || clause.Take(ref at, "wear hearing aids")
            ? Fact(clause, FactTypes.Identity, $"{ThirdPerson.Verb(clause[clause.Body])} {clause.Rest(clause.Body + 1)}")
            : null;
    }

    private static FoundFact Fact(Clause clause, string type, string content) => new(clause.Subject, type, ThirdPerson.Capitalised(content));
}
