namespace Actors.Extraction.Rules;

/// <summary>Who the client is: how many they are, who holds which post, their numbers at authorities, their year.</summary>
internal static class ClientRules
{
    private const int MaxKindWords = 5;
    private const int MaxPostWords = 4;
    private const int MaxSubjectWords = 8;
    private const int MinDigitsOfNumber = 3;

    private static readonly WordSet Posts = new(
        """
        ceo cfo cto coo cio ciso dpo contact accountant bookkeeper lawyer landlord director president chairman chairwoman founder owner
        treasurer notary auditor tax-adviser adviser advisor sponsor
        """);

    private static readonly WordSet Heads = new(
        """
        people heads employees developers engineers designers nurses doctors teachers volunteers members colleagues staff drivers
        freelancers
        """);

    private static readonly WordSet Counted = new("employees members volunteers branches stores locations offices");

    private static readonly WordSet Numbers = new(
        "vat tax customer account registration company iban membership policy contract supplier vendor client frequent loyalty insurance");

    private static readonly WordSet Years = new("fiscal financial business accounting school tax");

    private static readonly WordSet Kinds = new(
        """
        bakery restaurant café cafe bar hotel hostel farm winery brewery company firm agency practice clinic pharmacy school kindergarten
        gallery bookshop bookstore garage consultancy charity foundation start-up startup studio shop publisher museum cooperative co-op
        non-profit nonprofit ngo manufacturer wholesaler retailer carpentry family-business team
        """);

    // "A bakery in Ghent", "a firm with two offices".
    private static readonly WordSet BehindKind = new("in from of with based");

    public static FoundFact? Find(Clause clause)
    {
        if (clause.Subject is not (ClauseSubject.Group or ClauseSubject.Other) || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        return clause.Subject == ClauseSubject.Group && !clause.IsPossessive
            ? Having(clause) ?? Being(clause)
            : Year(clause) ?? Number(clause) ?? Post(clause);
    }

    // "We have 40 employees", "we have offices in Lyon and Turin".
    private static FoundFact? Having(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "have"))
        {
            return null;
        }

        var isCounted = clause[at].All(char.IsAsciiDigit) && Counted.Contains(clause[at + 1]);
        var hasOffices = clause[at] is "offices" or "branches" or "stores" && clause[at + 1] == "in" && clause.Word(at + 2).IsCapital;
        return isCounted || hasOffices ? Fact($"Have {Statement(clause, at)}") : null;
    }

    // "We are 14 people", "we're a small bakery in Ghent", "we are based in Lyon".
    private static FoundFact? Being(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "are"))
        {
            return null;
        }

        if (clause.Take(ref at, "based in"))
        {
            return clause.Word(at).IsCapital ? Fact($"Are based in {Statement(clause, at)}") : null;
        }

        var areCounted = clause[at].All(char.IsAsciiDigit) && (Heads.Contains(clause[at + 1]) || Heads.Contains(clause[at + 2]));
        var areOfKind = clause[at] is "a" or "an" && clause.Has(at + 1, at + MaxKindWords, i => IsKind(clause, i));
        return areCounted || areOfKind ? Fact($"Are {Statement(clause, at)}") : null;
    }

    private static bool IsKind(Clause clause, int at)
    {
        // "A team of twelve", not "a team of people".
        if (clause[at] == "team")
        {
            return clause[at + 1] == "of" && clause[at + 2] is not ("" or "people");
        }

        return Kinds.Contains(clause[at]) && (clause.EndsAt(at) || BehindKind.Contains(clause[at + 1]));
    }

    // "Our fiscal year ends on 30 June."
    private static FoundFact? Year(Clause clause)
    {
        var start = PastArticle(clause);
        var isYear = Years.Contains(clause[start]) && clause[start + 1] == "year";
        return isYear && clause[start + 2] is "ends" or "starts" or "begins" or "runs" && start + 4 < clause.End
            ? new FoundFact(ClauseSubject.Client, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Rest(start)))
            : null;
    }

    // "Our VAT number is BE0123456789."
    private static FoundFact? Number(Clause clause)
    {
        var start = PastArticle(clause);
        if (!Numbers.Contains(clause[start]) || (clause[start] != "iban" && clause[start + 1] is not ("number" or "no" or "id")))
        {
            return null;
        }

        for (var i = start + 1; i < Math.Min(clause.End - 1, start + MaxSubjectWords); i++)
        {
            if (clause[i] == "is")
            {
                var isNumber = clause[i + 1].Count(char.IsAsciiDigit) >= MinDigitsOfNumber;
                return isNumber ? Fact(ThirdPerson.Capitalised(clause.Rest(start))) : null;
            }
        }

        return null;
    }

    // "Our CEO is Dana Whitlock", "contact is Niamh Corrigan".
    private static FoundFact? Post(Clause clause)
    {
        var start = PastArticle(clause);
        for (var i = start; i < Math.Min(clause.End - 1, start + MaxPostWords); i++)
        {
            // "Our contact at Bosch is Ana Costa."
            var verb = i + (clause[i + 1] is "at" or "for" && clause.Word(i).Break == '\0' ? 3 : 1);
            if (clause[verb] == "is" && Posts.Contains(clause[i]))
            {
                return IsPerson(clause, verb + 1) ? Fact(ThirdPerson.Capitalised(clause.Rest(start))) : null;
            }
        }

        return null;
    }

    private static bool IsPerson(Clause clause, int at)
    {
        var isNamed = clause.Word(at).IsCapital && (GivenNames.Contains(clause[at]) || GivenNames.IsHonorific(clause[at]));
        return isNamed && (clause.EndsAt(at) || clause.Word(at + 1).IsCapital);
    }

    // Behind "the" or "our" at its beginning.
    private static int PastArticle(Clause clause) => clause.Start + (clause[clause.Start] is "the" or "our" ? 1 : 0);

    private static string Statement(Clause clause, int at) => clause.Text(at, clause.EndOfStatement(at));

    private static FoundFact Fact(string content) => new(ClauseSubject.Client, FactTypes.Identity, content);
}
