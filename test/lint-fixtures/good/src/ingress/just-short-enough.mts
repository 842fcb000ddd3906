// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

// comments and blank lines are free

export const line1 = 1;
export const line2 = 2;
export const line3 = 3;
export const line4 = 4;
export const line5 = 5;
export const line6 = 6;
export const line7 = 7;
export const line8 = 8;
export const line9 = 9;
export const line10 = 10;
export const line11 = 11;
export const line12 = 12;
export const line13 = 13;
export const line14 = 14;
export const line15 = 15;
export const line16 = 16;
export const line17 = 17;
export const line18 = 18;
export const line19 = 19;
export const line20 = 20;
export const line21 = 21;
export const line22 = 22;
export const line23 = 23;
export const line24 = 24;
export const line25 = 25;
export const line26 = 26;
export const line27 = 27;
export const line28 = 28;
export const line29 = 29;
export const line30 = 30;
export const line31 = 31;
export const line32 = 32;
export const line33 = 33;
export const line34 = 34;
export const line35 = 35;
export const line36 = 36;
export const line37 = 37;
export const line38 = 38;
export const line39 = 39;
export const line40 = 40;
export const line41 = 41;
export const line42 = 42;
export const line43 = 43;
export const line44 = 44;
export const line45 = 45;
export const line46 = 46;
export const line47 = 47;
export const line48 = 48;
export const line49 = 49;
export const line50 = 50;
export const line51 = 51;
export const line52 = 52;
export const line53 = 53;
export const line54 = 54;
export const line55 = 55;
export const line56 = 56;
export const line57 = 57;
export const line58 = 58;
export const line59 = 59;
export const line60 = 60;
export const line61 = 61;
export const line62 = 62;
export const line63 = 63;
export const line64 = 64;
export const line65 = 65;
export const line66 = 66;
export const line67 = 67;
export const line68 = 68;
export const line69 = 69;
export const line70 = 70;
export const line71 = 71;
export const line72 = 72;
export const line73 = 73;
export const line74 = 74;
export const line75 = 75;
export const line76 = 76;
export const line77 = 77;
export const line78 = 78;
export const line79 = 79;
export const line80 = 80;
export const line81 = 81;
export const line82 = 82;
export const line83 = 83;
export const line84 = 84;
export const line85 = 85;
export const line86 = 86;
export const line87 = 87;
export const line88 = 88;
export const line89 = 89;
export const line90 = 90;
export const line91 = 91;
export const line92 = 92;
export const line93 = 93;
export const line94 = 94;
export const line95 = 95;
export const line96 = 96;
export const line97 = 97;
export const line98 = 98;
export const line99 = 99;
export const line100 = 100;
export const line101 = 101;
export const line102 = 102;
export const line103 = 103;
export const line104 = 104;
export const line105 = 105;
export const line106 = 106;
export const line107 = 107;
export const line108 = 108;
export const line109 = 109;
export const line110 = 110;
export const line111 = 111;
export const line112 = 112;
export const line113 = 113;
export const line114 = 114;
export const line115 = 115;
export const line116 = 116;
export const line117 = 117;
export const line118 = 118;
export const line119 = 119;
export const line120 = 120;
export const line121 = 121;
export const line122 = 122;
export const line123 = 123;
export const line124 = 124;
export const line125 = 125;
export const line126 = 126;
export const line127 = 127;
export const line128 = 128;
export const line129 = 129;
export const line130 = 130;
export const line131 = 131;
export const line132 = 132;
export const line133 = 133;
export const line134 = 134;
export const line135 = 135;
export const line136 = 136;
export const line137 = 137;
export const line138 = 138;
export const line139 = 139;
export const line140 = 140;
export const line141 = 141;
export const line142 = 142;
export const line143 = 143;
export const line144 = 144;
export const line145 = 145;
export const line146 = 146;
export const line147 = 147;
export const line148 = 148;
export const line149 = 149;
export const line150 = 150;
export const line151 = 151;
export const line152 = 152;
export const line153 = 153;
export const line154 = 154;
export const line155 = 155;
export const line156 = 156;
export const line157 = 157;
export const line158 = 158;
export const line159 = 159;
export const line160 = 160;
export const line161 = 161;
export const line162 = 162;
export const line163 = 163;
export const line164 = 164;
export const line165 = 165;
export const line166 = 166;
export const line167 = 167;
export const line168 = 168;
export const line169 = 169;
export const line170 = 170;
export const line171 = 171;
export const line172 = 172;
export const line173 = 173;
export const line174 = 174;
export const line175 = 175;
export const line176 = 176;
export const line177 = 177;
export const line178 = 178;
export const line179 = 179;
export const line180 = 180;
export const line181 = 181;
export const line182 = 182;
export const line183 = 183;
export const line184 = 184;
export const line185 = 185;
export const line186 = 186;
export const line187 = 187;
export const line188 = 188;
export const line189 = 189;
export const line190 = 190;
export const line191 = 191;
export const line192 = 192;
export const line193 = 193;
export const line194 = 194;
export const line195 = 195;
export const line196 = 196;
export const line197 = 197;
export const line198 = 198;
export const line199 = 199;
export const line200 = 200;
export const line201 = 201;
export const line202 = 202;
export const line203 = 203;
export const line204 = 204;
export const line205 = 205;
export const line206 = 206;
export const line207 = 207;
export const line208 = 208;
export const line209 = 209;
export const line210 = 210;
export const line211 = 211;
export const line212 = 212;
export const line213 = 213;
export const line214 = 214;
export const line215 = 215;
export const line216 = 216;
export const line217 = 217;
export const line218 = 218;
export const line219 = 219;
export const line220 = 220;
export const line221 = 221;
export const line222 = 222;
export const line223 = 223;
export const line224 = 224;
export const line225 = 225;
export const line226 = 226;
export const line227 = 227;
export const line228 = 228;
export const line229 = 229;
export const line230 = 230;
export const line231 = 231;
export const line232 = 232;
export const line233 = 233;
export const line234 = 234;
export const line235 = 235;
export const line236 = 236;
export const line237 = 237;
export const line238 = 238;
export const line239 = 239;
export const line240 = 240;
export const line241 = 241;
export const line242 = 242;
export const line243 = 243;
export const line244 = 244;
export const line245 = 245;
export const line246 = 246;
export const line247 = 247;
export const line248 = 248;
export const line249 = 249;
export const line250 = 250;
