/// Short common English words for word games.
public enum WordList {
    /// The words with this many letters, 4 or 5, in alphabetic order; none for other numbers.
    public static func common(length: Int) -> [String] {
        (length == 4 ? four : length == 5 ? five : "").split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init).sorted()
    }

    private static let four = """
        able away baby back ball band bank bath bean bear beat bell belt bird blue boat body bone book boot bowl cake calm camp card care cart
        case city clay club coal coat code coin cold cook cool copy corn dark data dawn deep deer desk dish door down drum duck dust each east
        easy edge face fact fair farm fast fire fish flag flat flow fold food foot fork free frog full game gate gift girl glad gold good grow
        hair half hall hand hard heat help hill home hook hope horn hour idea iron jump keep kind king kite knee lake lamp land late leaf left
        life lift lion list long look loud luck mail main mark meal meat milk mind mine moon more most nail name near neck nest news nose
        open oven pack page park part path pear pick pink plan play pond pool post pull pump rain read rice ride ring rise road rock roof room
        root rope rose safe sail salt sand seat seed ship shoe shop sign silk sing skin slow snow soap sock soft song soup star stem step
        swim tail talk tall team tent time tool town tree true turn vase very wall warm wash wave well west wide wind wine wing wise wolf wood
        word work yard year
        """

    private static let five = """
        actor adult after agree alarm alone angle angry apple arrow asset badge basic beach begin bench berry birth black blame blank blind
        block blood board boost brain brave bread brick bring broad brown brush build burst cabin cable candy chain chair chalk charm chart
        chase cheap check cheek chess chest chief child clean clear clerk clock cloth cloud coach coast color couch count court cover crane
        cream crime cross crowd crown daily dance delay depth dirty doubt dozen draft drama dream dress drift drink drive eager eagle early
        earth eight empty enjoy enter equal event every extra faith false fancy favor fence field fight final first flame flash fleet float
        floor flour focus force frame fresh front fruit funny ghost giant glass globe glove grace grain grand grape grass great green group
        guard guess guest guide habit happy heart heavy honey horse hotel house human humor ideal image inner issue jelly jewel joint judge
        juice knife knock label large laugh layer learn lemon level light limit local lucky lunch magic major maple march match medal metal
        model money month moral motor mouse mouth movie music nerve never night noise north novel nurse ocean offer onion orbit order other
        owner paint panel paper party peace peach pearl phone photo piano piece pilot pitch place plain plane plant plate point pound power
        press price pride prize proud queen quick quiet quite radio raise range rapid reach ready reply right river robot rough round route
        royal rural salad scale scene score sense serve seven shade shape share sharp sheep sheet shelf shell shine shirt shore short sight
        skill sleep slice slide small smart smell smile smoke snake solid solve sound south space spare speak speed spice spoon sport staff
        stage stair stand start steam steel stick stone store storm story stove sugar sweet swing sword table taste teach thank theme thing
        thumb tiger title toast today tooth topic total touch tower track trade trail train treat trust truth uncle under union upper usual
        value video visit voice waste watch water wheel white whole woman world worry wound wrist write wrong young youth
        """
}
