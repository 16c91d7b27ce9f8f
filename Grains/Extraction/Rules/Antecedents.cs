namespace Actors.Extraction.Rules;

/// <summary>Finds of whom "she" speaks in the sentence after. Pure.</summary>
internal static class Antecedents
{
    /// <summary>The last clause of a sentence about a person by another; null: there is none, or others are named beside them.</summary>
    public static Clause? Of(Sentence sentence, Clause[] clauses)
    {
        Clause? person = null;
        foreach (var clause in clauses)
        {
            if (clause.Subject is not (ClauseSubject.Named or ClauseSubject.User))
            {
                continue;
            }

            if (person is not null && (person.Subject, person.Name) != (clause.Subject, clause.Name))
            {
                return null;
            }

            person = clause;
        }

        return person is null || NamesAnother(sentence, person) ? null : person;
    }

    private static bool NamesAnother(Sentence sentence, Clause person)
    {
        foreach (var word in sentence.Words)
        {
            if (word.IsCapital && GivenNames.Contains(word.Text) && person.Name?.Contains(word.Text, StringComparison.OrdinalIgnoreCase) is not true)
            {
                return true;
            }
        }

        return false;
    }
}
