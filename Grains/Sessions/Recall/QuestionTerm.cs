namespace Actors.Sessions.Recall;

/// <summary>A question's term as one index knows it: which of its terms count for it, and how much.</summary>
internal readonly struct QuestionTerm
{
    private QuestionTerm(List<(int Term, int Percent)> columns, double weight, bool isName) =>
        (Columns, Weight, IsName) = (columns, weight, isName);

    /// <summary>Terms of the index, the question's own first if it is there, and what each counts in hundredths.</summary>
    public List<(int Term, int Percent)> Columns { get; }

    /// <summary>Inverse document frequency times what a word of its class says.</summary>
    public double Weight { get; }

    /// <summary>A speaker's name: said within conversations it addresses somebody, and is not what is talked about.</summary>
    public bool IsName { get; }

    public static QuestionTerm In(MemoryIndex index, in Question.Term term)
    {
        var (ranking, dictionary) = (index.Ranking, index.Postings.Dictionary);
        var columns = new List<(int, int)>();
        var isName = index.Speakers.IsName(term.Word);
        var own = dictionary.Find(term.Text);
        // The dictionary keeps the terms of memories that were removed.
        var isHere = own >= 0 && index.Postings[own].DocumentFrequency > 0;
        var frequency = 0;
        if (isHere)
        {
            columns.Add((own, 100));
            frequency = isName ? FrequencyOutside(index, own) : index.Postings[own].DocumentFrequency;
        }

        if (!isName)
        {
            foreach (var relation in RelatedWords.Of(term.Text))
            {
                var percent = relation.IsSynonym ? ranking.SynonymPercent : ranking.InstancePercent;
                if (percent > 0 && dictionary.Find(relation.Term) is >= 0 and var related)
                {
                    columns.Add((related, percent));
                    frequency += !isHere ? index.Postings[related].DocumentFrequency : 0;
                }
            }
        }

        frequency = Math.Min(frequency, index.Count);
        var inverse = Math.Log(1 + ((index.Count + ranking.AssumedMemories - frequency + 0.5) / (frequency + 0.5)));
        // A name that is nowhere but in conversations does not count as a word that was not found.
        var weight = isName && frequency == 0 ? 0 : inverse * term.Class switch
        {
            Question.TermClass.Generic => ranking.GenericWord,
            Question.TermClass.Date => ranking.DateWord,
            _ => 1,
        };
        return new QuestionTerm(columns, weight, isName);
    }

    private static int FrequencyOutside(MemoryIndex index, int term)
    {
        var frequency = 0;
        foreach (var (ordinal, _) in index.Postings[term])
        {
            ref readonly var entry = ref index.Entries[ordinal];
            frequency += entry.Memory is not null && entry.Conversation == IndexEntry.None ? 1 : 0;
        }

        return frequency;
    }
}
