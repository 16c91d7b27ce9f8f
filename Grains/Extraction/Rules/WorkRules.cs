namespace Actors.Extraction.Rules;

/// <summary>What people do: job, employer, what they are in charge of.</summary>
internal static class WorkRules
{
    private const int MaxTradeWords = 4;
    private const int MaxPostWords = 3;
    private const int MaxTitleWords = 4;
    private const int MaxAidWords = 3;
    private const int MaxRoleWords = 8;

    private static readonly WordSet Acquaintances = new("contact boss landlord landlady");

    private static readonly PhraseSet InChargeOf = new(
        "in charge of | responsible for | the one to ask about | the person to ask about | the contact for | the go-to person for");

    // "Responsible for the mess": to blame, not in charge.
    private static readonly WordSet Blames = new(
        "mess delay delays mistake mistakes error errors confusion outage disaster failure damage accident everything nothing you your");

    private static readonly WordSet Leading = new("run lead manage head own oversee co-own co-lead supervise direct");

    private static readonly WordSet LeadingNow = new("running leading managing heading overseeing supervising directing");

    private static readonly PhraseSet WorkAt = new("work at | work for");

    private static readonly PhraseSet CareFor = new("handle | look after | take care of");

    private static readonly WordSet Aids = new("wheelchair walker cane crutch crutches hearing-aid");

    public static FoundFact? Find(Clause clause)
    {
        if (clause[clause.Start] == "as")
        {
            return Role(clause);
        }

        if (!clause.IsPerson || clause.IsPossessive || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        var at = clause.Body;
        clause.Take(ref at, "currently");
        clause.Take(ref at, "also");
        return clause.Take(ref at, "am")
            ? Job(clause, at) ?? LeadingJob(clause, at) ?? InCharge(clause, at)
            : Doing(clause, at);
    }

    // "As a nurse on nights I sleep late."
    private static FoundFact? Role(Clause clause)
    {
        var at = clause.Start + 1;
        if (clause[at] is not ("a" or "an" or "the"))
        {
            return null;
        }

        var words = clause.Sentence.Words;
        var end = at;
        while (end < clause.End && clause[end] != "i" && clause.Word(end - 1).Break == '\0')
        {
            end++;
        }

        if (end - at > MaxRoleWords || end >= words.Count || words[end].Text is not ("i" or "my"))
        {
            return null;
        }

        return clause.Has(at + 1, end, i => EndsRole(clause, i, end))
            ? new FoundFact(ClauseSubject.Speaker, FactTypes.Identity, $"Is {clause.Text(at, end)}", "job", end)
            : null;
    }

    private static bool EndsRole(Clause clause, int at, int end) =>
        Occupations.IsEither(clause[at]) && (at + 1 == end || Occupations.IsOfPlace(clause[at + 1]) || clause[at + 1] == "on");

    // "I'm a freelance translator", "I'm the head of purchasing", "Marguerite is our bookkeeper".
    private static FoundFact? Job(Clause clause, int at)
    {
        var isJob = clause[at] switch
        {
            "a" or "an" => IsTrade(clause, at + 1),
            "our" or "their" or "my" => clause.IsThird && IsPost(clause, at + 1),
            "the" => (clause.IsThird && IsPost(clause, at + 1)) || IsTitleOf(clause, at + 1),
            _ => false,
        };
        return isJob ? Fact(clause, "job", $"Is {clause.Rest(at)}") : null;
    }

    // Not "I'm a bit of a cook", "I'm a fan of the singer".
    private static bool IsTrade(Clause clause, int at)
    {
        for (var i = at; i < Math.Min(clause.End, at + MaxTradeWords); i++)
        {
            if (Occupations.IsTrade(clause[i]) && Occupations.EndsAt(clause, i))
            {
                return true;
            }

            if (clause[i] is "bit" or "little" or "fan" || clause.Word(i).Break != '\0')
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsPost(Clause clause, int at) => clause.Has(at, at + MaxPostWords, i =>
        (Occupations.IsEither(clause[i]) || Acquaintances.Contains(clause[i])) && Occupations.EndsAt(clause, i));

    private static bool IsTitleOf(Clause clause, int at) =>
        Occupations.IsTitle(clause[at]) && Occupations.IsOfPlace(clause[at + 1]) && at + 2 < clause.End;

    // "I'm running the payroll department."
    private static FoundFact? LeadingJob(Clause clause, int at) => LeadingNow.Contains(clause[at]) && Workplaces.IsArea(clause, at + 1)
        ? Fact(clause, "job", $"{Leads(clause[at])} {clause.Rest(at + 1)}")
        : null;

    // Leads, of "leading".
    private static string Leads(string leading) => leading switch
    {
        "running" => "Runs",
        "managing" or "supervising" => ThirdPerson.Capitalised(leading[..^3] + "es"),
        _ => ThirdPerson.Capitalised(leading[..^3] + "s"),
    };

    // "I'm in charge of the newsletter", "Ana is the person to ask about invoices".
    private static FoundFact? InCharge(Clause clause, int at)
    {
        var start = at;
        return clause.Take(ref at, InChargeOf) && at < clause.End && !clause.PointsElsewhere(at) && !clause.Has(at, Blames)
            ? Fact(clause, null, $"Is {clause.Rest(start)}")
            : null;
    }

    // "I work as a nurse", "I work at Bosch", "I work in logistics".
    private static FoundFact? Doing(Clause clause, int at)
    {
        if (clause.Take(ref at, "work as"))
        {
            var isJob = clause[at] is "a" or "an" or "the" && at + 1 < clause.End;
            return isJob ? Fact(clause, "job", $"Is {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, WorkAt))
        {
            return Workplaces.IsEmployer(clause, at) ? Fact(clause, "employer", $"Works at {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "work in"))
        {
            var isField = Workplaces.IsField(clause[at]) && (at + 1 == clause.End || clause[at + 1] is "at" or "for");
            return isField ? Fact(clause, "job", $"Works in {clause.Rest(at)}") : null;
        }

        if (Leading.Contains(clause[at]))
        {
            return Lead(clause, at);
        }

        return clause.IsThird ? Care(clause, at) ?? SuccessionOrAid(clause, at) : null;
    }

    // "I manage the warehouse"; what somebody owns is no job.
    private static FoundFact? Lead(Clause clause, int at)
    {
        var key = clause[at] is "own" or "co-own" ? null : "job";
        return Workplaces.IsArea(clause, at + 1) ? Fact(clause, key, $"{Does(clause[at])} {clause.Rest(at + 1)}") : null;
    }

    // "Jana handles the payroll", "Jana takes care of invoices"; not "Jana handles stress well".
    private static FoundFact? Care(Clause clause, int at)
    {
        var verb = at;
        if (!clause.Take(ref at, CareFor) || clause.PointsElsewhere(at))
        {
            return null;
        }

        var isTask = clause[at] is "the" or "our" or "all" or "every"
            ? at + 1 < clause.End
            : clause[at] is "payroll" or "it" or [.., not 's', 's'];
        return isTask ? Fact(clause, null, $"{Does(clause[verb])} {clause.Rest(verb + 1)}") : null;
    }

    // "Mr Okonjo took over from Ana as head of IT", "Tom uses a folding wheelchair".
    private static FoundFact? SuccessionOrAid(Clause clause, int at)
    {
        var start = at;
        if (clause.Take(ref at, "took over") && clause.Has(at, clause.End - 1, i => clause[i] == "as" && IsTitleNear(clause, i + 1)))
        {
            return Fact(clause, "job", ThirdPerson.Capitalised(clause.Text(start, clause.EndOfStatement(start))));
        }

        return clause.Take(ref at, "use a") && clause.Has(at, at + MaxAidWords, i => IsAid(clause, i))
            ? Fact(clause, null, $"Uses a {clause.Rest(at)}")
            : null;
    }

    private static bool IsTitleNear(Clause clause, int at) => clause.Has(at, at + MaxTitleWords, i => Occupations.IsEither(clause[i]));

    private static bool IsAid(Clause clause, int at) => Aids.Contains(clause[at]) || (clause[at] == "hearing" && clause[at + 1] == "aid");

    private static string Does(string verb) => ThirdPerson.Capitalised(ThirdPerson.Verb(verb));

    private static FoundFact Fact(Clause clause, string? key, string content) => new(clause.Subject, FactTypes.Identity, content, key);
}
