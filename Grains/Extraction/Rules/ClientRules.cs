namespace Actors.Extraction.Rules;

/// <summary>Who the client is: how many they are, who holds which post, their numbers at authorities, their year.</summary>
internal static class ClientRules
{
    private const int MaxSubjectWords = 8;

    private static readonly WordSet Posts = new(
        "ceo cfo cto coo cio ciso dpo contact accountant bookkeeper lawyer landlord director president chairman chairwoman founder owner treasurer notary auditor tax-adviser adviser advisor sponsor");

    private static readonly WordSet Heads = new("people heads employees developers engineers designers nurses doctors teachers volunteers members colleagues staff drivers freelancers");

    private static readonly WordSet Numbers = new("vat tax customer account registration company iban membership policy contract supplier vendor client frequent loyalty insurance");

    private static readonly WordSet Years = new("fiscal financial business accounting school tax");

    private static readonly WordSet Kinds = new(
        """
        bakery restaurant café cafe bar hotel hostel farm winery brewery company firm agency practice clinic pharmacy school kindergarten gallery bookshop bookstore garage consultancy
        charity foundation start-up startup studio shop publisher museum cooperative co-op non-profit nonprofit ngo manufacturer wholesaler retailer carpentry family-business team
        """);

    public static FoundFact? Find(Clause clause)
    {
        if (clause.Subject is not (ClauseSubject.Group or ClauseSubject.Other) || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        return clause.Subject == ClauseSubject.Group && !clause.IsPossessive ? Being(clause) : Year(clause) ?? Number(clause) ?? Post(clause);
    }

    // "We are 14 people", "we're a small bakery in Ghent".
    private static FoundFact? Being(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "have"))
        {
            var isCounted = clause[at].All(char.IsAsciiDigit) && (clause[at + 1] is "employees" or "members" or "volunteers" or "branches" or "stores" or "locations" or "offices");
            var hasOffices = clause[at] is "offices" or "branches" or "stores" && clause[at + 1] == "in" && clause.Word(at + 2).IsCapital;
            return isCounted || hasOffices ? Fact($"Have {clause.Text(at, clause.EndOfStatement(at))}") : null;
        }

        if (!clause.Take(ref at, "are"))
        {
            return null;
        }

        if (clause.Take(ref at, "based in"))
        {
            return clause.Word(at).IsCapital ? Fact($"Are based in {clause.Text(at, clause.EndOfStatement(at))}") : null;
        }

        if (clause[at].All(char.IsAsciiDigit) && (Heads.Contains(clause[at + 1]) || Heads.Contains(clause[at + 2])))
        {
            return Fact($"Are {clause.Text(at, clause.EndOfStatement(at))}");
        }

        for (var i = at + 1; clause[at] is "a" or "an" && i < Math.Min(clause.End, at + 5); i++)
        {
            if (Kinds.Contains(clause[i]) && (clause[i] == "team" ? clause[i + 1] == "of" && clause[i + 2] is var count && count.Length > 0 && count != "people" : i + 1 == clause.End || clause[i + 1] is "in" or "from" or "of" or "with" or "based" || clause.Word(i).Break != '\0'))
            {
                return Fact($"Are {clause.Text(at, clause.EndOfStatement(at))}");
            }
        }

        return null;
    }

    // "Our fiscal year ends on 30 June."
    private static FoundFact? Year(Clause clause)
    {
        var start = clause.Start + (clause[clause.Start] is "the" or "our" ? 1 : 0);
        return Years.Contains(clause[start]) && clause[start + 1] == "year" && clause[start + 2] is "ends" or "starts" or "begins" or "runs" && start + 4 < clause.End
            ? new FoundFact(ClauseSubject.Client, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Rest(start)))
            : null;
    }

    // "Our VAT number is BE0123456789."
    private static FoundFact? Number(Clause clause)
    {
        var start = clause.Start + (clause[clause.Start] is "the" or "our" ? 1 : 0);
        if (!Numbers.Contains(clause[start]) || (clause[start] != "iban" && clause[start + 1] is not ("number" or "no" or "id")))
        {
            return null;
        }

        for (var i = start + 1; i < Math.Min(clause.End - 1, start + MaxSubjectWords); i++)
        {
            if (clause[i] == "is")
            {
                return clause[i + 1].Count(char.IsAsciiDigit) >= 3 ? Fact(ThirdPerson.Capitalised(clause.Rest(start))) : null;
            }
        }

        return null;
    }

    // "Our CEO is Dana Whitlock", "contact is Niamh Corrigan".
    private static FoundFact? Post(Clause clause)
    {
        var start = clause.Start + (clause[clause.Start] is "the" or "our" ? 1 : 0);
        for (var i = start; i < Math.Min(clause.End - 1, start + 4); i++)
        {
            // "Our contact at Bosch is Ana Costa."
            var verb = i + (clause[i + 1] is "at" or "for" && clause.Word(i).Break == '\0' ? 3 : 1);
            if (clause[verb] == "is" && Posts.Contains(clause[i]))
            {
                var at = verb + 1;
                var isNamed = clause.Word(at).IsCapital && (GivenNames.Contains(clause[at]) || GivenNames.IsHonorific(clause[at]));
                return isNamed && (at + 1 == clause.End || clause.Word(at + 1).IsCapital || clause.Word(at).Break != '\0') ? Fact(ThirdPerson.Capitalised(clause.Rest(start))) : null;
            }
        }

        return null;
    }

    private static FoundFact Fact(string content) => new(ClauseSubject.Client, FactTypes.Identity, content);
}
