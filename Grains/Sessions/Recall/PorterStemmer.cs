namespace Actors.Sessions.Recall;

/// <summary>
/// Suffix stripping for English words: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980,
/// with the two departures of the author's own reference implementation (-bli and -logi in step 2).
/// </summary>
internal ref struct PorterStemmer
{
    private readonly Span<char> _word;
    private int _end;
    private int _stemEnd;

    private PorterStemmer(Span<char> word)
    {
        _word = word;
        _end = word.Length;
        _stemEnd = 0;
    }

    /// <summary>Stems in place.</summary>
    /// <param name="word">A lower-case word; anything but a-z counts as a consonant.</param>
    /// <returns>Length of the stem, which starts where the word does. Words of one or two letters stay.</returns>
    public static int Stem(Span<char> word)
    {
        if (word.Length <= 2)
        {
            return word.Length;
        }

        var stemmer = new PorterStemmer(word);
        stemmer.PluralsAndParticiples();
        stemmer.TerminalY();
        stemmer.DoubleSuffixes();
        stemmer.SingleSuffixes();
        stemmer.LastSuffixes();
        stemmer.TerminalE();
        return stemmer._end;
    }

    /// <summary>The stem of a lower-case word.</summary>
    public static string Stem(string word)
    {
        var copy = word.ToCharArray().AsSpan();
        var stem = copy[..Stem(copy)];
        return stem.SequenceEqual(word) ? word : stem.ToString();
    }

    private void PluralsAndParticiples()
    {
        if (Ends("sses") || Ends("ies"))
        {
            _end -= 2;
        }
        else if (Ends("s") && !Ends("ss"))
        {
            _end -= 1;
        }

        if (Ends("eed"))
        {
            if (Measure(_stemEnd) > 0)
            {
                _end -= 1;
            }
        }
        else if ((Ends("ed") || Ends("ing")) && HasVowel(_stemEnd))
        {
            _end = _stemEnd;
            if (Ends("at") || Ends("bl") || Ends("iz"))
            {
                _word[_end++] = 'e';
            }
            else if (EndsWithDoubleConsonant(_end))
            {
                if (_word[_end - 1] is not ('l' or 's' or 'z'))
                {
                    _end -= 1;
                }
            }
            else if (Measure(_end) == 1 && EndsConsonantVowelConsonant(_end))
            {
                _word[_end++] = 'e';
            }
        }
    }

    private void TerminalY()
    {
        if (Ends("y") && HasVowel(_stemEnd))
        {
            _word[_end - 1] = 'i';
        }
    }

    private void DoubleSuffixes()
    {
        _ = Replace("ational", "ate") || Replace("tional", "tion") || Replace("enci", "ence") || Replace("anci", "ance")
            || Replace("izer", "ize") || Replace("bli", "ble") || Replace("alli", "al") || Replace("entli", "ent")
            || Replace("eli", "e") || Replace("ousli", "ous") || Replace("ization", "ize") || Replace("ation", "ate")
            || Replace("ator", "ate") || Replace("alism", "al") || Replace("iveness", "ive") || Replace("fulness", "ful")
            || Replace("ousness", "ous") || Replace("aliti", "al") || Replace("iviti", "ive") || Replace("biliti", "ble")
            || Replace("logi", "log");
    }

    private void SingleSuffixes()
    {
        _ = Replace("icate", "ic") || Replace("ative", "") || Replace("alize", "al") || Replace("iciti", "ic")
            || Replace("ical", "ic") || Replace("ful", "") || Replace("ness", "");
    }

    private void LastSuffixes()
    {
        var found = Ends("al") || Ends("ance") || Ends("ence") || Ends("er") || Ends("ic") || Ends("able") || Ends("ible")
            || Ends("ant") || Ends("ement") || Ends("ment") || Ends("ent")
            || (Ends("ion") && _stemEnd > 0 && _word[_stemEnd - 1] is 's' or 't')
            || Ends("ou") || Ends("ism") || Ends("ate") || Ends("iti") || Ends("ous") || Ends("ive") || Ends("ize");
        if (found && Measure(_stemEnd) > 1)
        {
            _end = _stemEnd;
        }
    }

    private void TerminalE()
    {
        if (Ends("e"))
        {
            var measure = Measure(_stemEnd);
            if (measure > 1 || (measure == 1 && !EndsConsonantVowelConsonant(_stemEnd)))
            {
                _end -= 1;
            }
        }

        if (_end > 1 && _word[_end - 1] == 'l' && EndsWithDoubleConsonant(_end) && Measure(_end) > 1)
        {
            _end -= 1;
        }
    }

    private bool Ends(ReadOnlySpan<char> suffix)
    {
        if (!_word[.._end].EndsWith(suffix))
        {
            return false;
        }

        _stemEnd = _end - suffix.Length;
        return true;
    }

    // True as soon as the suffix is there, replaced or not: the longest match alone decides within a step.
    private bool Replace(ReadOnlySpan<char> suffix, ReadOnlySpan<char> replacement)
    {
        if (!Ends(suffix))
        {
            return false;
        }

        if (Measure(_stemEnd) > 0)
        {
            replacement.CopyTo(_word[_stemEnd..]);
            _end = _stemEnd + replacement.Length;
        }

        return true;
    }

    private readonly bool IsConsonant(int i) => _word[i] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => i == 0 || !IsConsonant(i - 1),
        _ => true,
    };

    // The paper's m: the number of vowel-consonant sequences.
    private readonly int Measure(int end)
    {
        var count = 0;
        for (var i = 1; i < end; i++)
        {
            if (IsConsonant(i) && !IsConsonant(i - 1))
            {
                count++;
            }
        }

        return count;
    }

    private readonly bool HasVowel(int end)
    {
        for (var i = 0; i < end; i++)
        {
            if (!IsConsonant(i))
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool EndsWithDoubleConsonant(int end) =>
        end >= 2 && _word[end - 1] == _word[end - 2] && IsConsonant(end - 1);

    private readonly bool EndsConsonantVowelConsonant(int end) =>
        end >= 3 && IsConsonant(end - 1) && !IsConsonant(end - 2) && IsConsonant(end - 3)
        && _word[end - 1] is not ('w' or 'x' or 'y');
}
